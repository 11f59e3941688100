using Headgate.Agent.Files;
using Headgate.Agent.Tests.Support;

namespace Headgate.Agent.Tests.Files;

public sealed class DurableFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_CanNotTakeItsPlace_ThrowsAndLeavesNothingAside()
    {
        // A folder that holds something gives its name up to no file, for root neither.
        _folder.Write("file/kept", "");

        Assert.ThrowsAny<SystemException>(() => DurableFile.Write(_folder.At("file"), "content"u8));

        Assert.Equal(["file"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }
}
