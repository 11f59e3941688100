using Headgate.Agent.Tasks.Archive;

namespace Headgate.Agent.Tests.Tasks;

public sealed class SteadyStreamTests
{
    [Fact]
    public void Read_FileGrowsMeanwhile_EndsAtTheFirstLength()
    {
        using var file = new MemoryStream();
        file.Write(new byte[10]);
        file.Position = 0;
        using var steady = new SteadyStream(file);
        file.SetLength(20);
        using var copy = new MemoryStream();

        steady.CopyTo(copy);

        Assert.Equal((10, 10), (copy.Length, steady.Length));
    }

    [Fact]
    public void Read_FileShrinksMeanwhile_Fails()
    {
        using var file = new MemoryStream(new byte[10].ToArray(), 0, 10, writable: true);
        using var steady = new SteadyStream(file);
        file.SetLength(4);

        Assert.Throws<FileShrankException>(() => steady.CopyTo(Stream.Null));
    }
}
