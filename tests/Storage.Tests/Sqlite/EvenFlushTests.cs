using Headgate.Storage.Sqlite.Writing;

namespace Headgate.Storage.Tests.Sqlite;

public sealed class EvenFlushTests
{
    private const int InputOutputError = 5;
    private const int NoSpace = 28;
    private readonly List<string> _done = [];

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(EvenFlush.Part, 1)]
    [InlineData((2 * EvenFlush.Part) + 1, 3)]
    public void Run_FileOfAnyLength_FlushesEveryPartInOrderAndThenTheWhole(long length, int parts)
    {
        Run(length, _ => 0);

        Assert.Equal([.. Enumerable.Range(0, parts).Select(part => $"part at {part * EvenFlush.Part}"), "whole"], _done);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(22)]
    [InlineData(29)]
    [InlineData(38)]
    [InlineData(95)]
    public void Run_SystemDeclinesAPart_FlushesTheWholeInstead(int error)
    {
        Run(3 * EvenFlush.Part, start => start == 0 ? 0 : error);

        Assert.Equal(["part at 0", $"part at {EvenFlush.Part}", "whole"], _done);
    }

    [Theory]
    [InlineData(InputOutputError)]
    [InlineData(NoSpace)]
    [InlineData(122)]
    public void Run_DiskRefusesAPart_ThrowsAndDoesNotAskAgain(int error)
    {
        var refusal = Assert.Throws<IOException>(() => Run(3 * EvenFlush.Part, start => start == EvenFlush.Part ? error : 0));

        Assert.Equal(error, refusal.HResult);
        Assert.Equal(["part at 0", $"part at {EvenFlush.Part}"], _done);
    }

    [Fact]
    public void Flush_PartOfARealFile_WorksOnLinux()
    {
        using var file = File.OpenHandle(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        RandomAccess.Write(file, [1, 2, 3], EvenFlush.Part);

        Assert.Equal(OperatingSystem.IsLinux() ? 0 : 95, EvenFlush.Flush(file, EvenFlush.Part));
        EvenFlush.Run(file);
    }

    private void Run(long length, Func<long, int> answer) => EvenFlush.Run(
        length,
        start =>
        {
            _done.Add($"part at {start}");
            return answer(start);
        },
        () => _done.Add("whole"));
}
