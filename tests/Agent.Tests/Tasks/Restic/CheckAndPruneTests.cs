using Headgate.Agent.Tasks.Restic;
using Headgate.Agent.Tests.Support;

namespace Headgate.Agent.Tests.Tasks.Restic;

public sealed class CheckAndPruneTests : IDisposable
{
    private readonly ResticGround _ground = new();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public async Task Prune_KeepLast_ForgetsTheOthersAndSaysHowMany()
    {
        for (var i = 0; i < 3; i++)
            await BackupAsync($"version {i}");

        var result = await _ground.DoAsync("prune", new { repository = "main", keepLast = 1 });

        Assert.Equal(("success", null), (result.Status, result.ErrorMessage));
        Assert.Equal((1, 2), (result.Output!.Value.GetProperty("snapshotsKept").GetInt32(), result.Output!.Value.GetProperty("snapshotsRemoved").GetInt32()));
        Assert.InRange(result.Output!.Value.GetProperty("bytesFreed").GetInt64(), 1, 100_000);
        Assert.Single(Directory.GetFiles(Path.Combine(_ground.Repository, "snapshots")));
    }

    [Fact]
    public async Task Prune_KeepOfEachPeriod_IsTold()
    {
        for (var i = 0; i < 3; i++)
            await BackupAsync($"version {i}");

        var result = await _ground.DoAsync("prune", new { repository = "main", keepDaily = 1, keepWeekly = 1, keepMonthly = 1, keepYearly = 1 });

        Assert.Equal(("success", null), (result.Status, result.ErrorMessage));
        foreach (var reason in (string[])["daily snapshot", "weekly snapshot", "monthly snapshot", "yearly snapshot"])
            Assert.Contains(reason, result.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_SoundRepository_HasNoErrors()
    {
        await BackupAsync("content");

        foreach (var percent in new double?[] { null, 0, 12.5, 100 })
        {
            var result = await _ground.DoAsync("check", new { repository = "main", readDataPercent = percent });
            Assert.Equal(("success", 0, percent ?? 0), (result.Status, result.Output!.Value.GetProperty("errors").GetInt32(), result.Output!.Value.GetProperty("readDataPercent").GetDouble()));
        }
    }

    [Fact]
    public async Task Check_DamagedData_FailsForGoodWhateverTheTextLooksLike()
    {
        await BackupAsync("content");
        var pack = Directory.GetFiles(Path.Combine(_ground.Repository, "data"), "*", SearchOption.AllDirectories).First();
        File.SetUnixFileMode(pack, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var bytes = await File.ReadAllBytesAsync(pack);
        bytes[10] ^= 1;
        await File.WriteAllBytesAsync(pack, bytes);

        var result = await _ground.DoAsync("check", new { repository = "main", readDataPercent = 100 });

        Assert.Equal(("failure", "permanent", 1), (result.Status, result.ErrorCategory, result.ExitCode));
    }

    [Theory]
    [InlineData("total prune:           0 blobs / 1.254 MiB", 1314914)]
    [InlineData("total prune:         12 blobs / 500 B", 500)]
    [InlineData("total prune:         12 blobs / 1.500 KiB", 1536)]
    [InlineData("remaining:             7 blobs / 2.862 MiB", 0)]
    [InlineData("", 0)]
    public void Bytes_LineOfPrune_IsWhatItFreed(string line, long bytes) => Assert.Equal(bytes, PruneTask.Bytes(line));

    private async Task BackupAsync(string content)
    {
        _ground.Folder.Write("data/file", content);
        Assert.Equal("success", (await _ground.DoAsync("backup", new { repository = "main", paths = new[] { _ground.Data } })).Status);
    }
}
