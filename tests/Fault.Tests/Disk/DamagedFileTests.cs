using System.Security.Cryptography;
using Headgate.TestKit;

namespace Headgate.Fault.Tests.Disk;

/// <summary>A data folder that is not what it was: the start is refused, says which file, and leaves all as it found it.</summary>
public sealed class DamagedFileTests : IAsyncLifetime
{
    private const int StartRefused = 1;
    private const int PageSize = 4096;
    private readonly TempFolder _folder = new();
    private List<string> _accepted = [];

    private string Database => _folder["headgate.db"];

    private string Log => _folder["headgate.db-wal"];

    /// <summary>A killed service: runs in the file, and more in the write-ahead log.</summary>
    public async Task InitializeAsync()
    {
        for (var start = 0; start < 2; start++)
        {
            await using var service = await LocalServiceOn();
            using var client = service.NewClient();
            if (start == 0)
                await KeptRuns.CreateAsync(client, "acme");
            _accepted.AddRange(await KeptRuns.SubmitAsync(client, "acme", most: 30));
            if (start == 0)
                await service.StopAsync();
            else
                await service.KillAsync();
        }
    }

    [Theory]
    [InlineData("the end of the file")]
    [InlineData("its header")]
    [InlineData("a page in its middle")]
    [InlineData("the header of its log")]
    public async Task Start_DamagedIn_IsRefusedAndChangesNothing(string where)
    {
        await DamageAsync(where);
        var before = Sums();

        var (exitCode, errors) = await ServiceProcess.RefusedAsync(_folder.Path);

        Assert.Equal(StartRefused, exitCode);
        Assert.Contains($"The file {(where.EndsWith("log", StringComparison.Ordinal) ? Log : Database)} is damaged", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.Equal(before, Sums());
    }

    /// <summary>The end of the log is what a loss of power leaves half written: no answer rests on it.</summary>
    [Fact]
    public async Task Start_RubbishBehindTheLog_FindsEverything()
    {
        await using (var file = new FileStream(Log, FileMode.Append))
            await file.WriteAsync(RandomNumberGenerator.GetBytes(3 * PageSize));

        await using var service = await LocalServiceOn();
        using var client = service.NewClient();

        await KeptRuns.AllAreThereAsync(client, "acme", _accepted);
    }

    [Fact]
    public async Task Start_FolderOfAnotherProcess_IsRefusedAndDisturbsNobody()
    {
        await using var first = await LocalServiceOn();

        var (exitCode, errors) = await ServiceProcess.RefusedAsync(_folder.Path);

        Assert.Equal(StartRefused, exitCode);
        Assert.Contains($"The data folder {_folder.Path} is in use", errors, StringComparison.Ordinal);
        using var client = first.NewClient();
        await KeptRuns.AllAreThereAsync(client, "acme", _accepted);
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    private Task<ServiceProcess> LocalServiceOn() => ServiceProcess.StartAsync(_folder.Path);

    private async Task DamageAsync(string where)
    {
        if (where.EndsWith("log", StringComparison.Ordinal))
        {
            await using var log = new FileStream(Log, FileMode.Open, FileAccess.ReadWrite);
            await log.WriteAsync(RandomNumberGenerator.GetBytes(100));
            return;
        }

        // An orderly stop brings the log into the file; else it has the newer state of what is damaged, and heals it.
        await using (var service = await LocalServiceOn())
            await service.StopAsync();
        await using var file = new FileStream(Database, FileMode.Open, FileAccess.ReadWrite);
        if (where == "the end of the file")
        {
            file.SetLength(file.Length / 2 / PageSize * PageSize);
            return;
        }

        file.Position = where == "its header" ? 0 : PageOfATree(file);
        await file.WriteAsync(RandomNumberGenerator.GetBytes(where == "its header" ? 100 : PageSize));
    }

    /// <summary>The first page behind the middle that holds keys. Of one that holds a long value SQLite can't tell whether it is as it was.</summary>
    private static long PageOfATree(FileStream file)
    {
        const byte Inner = 2;
        const byte Leaf = 10;
        for (var at = file.Length / 2 / PageSize * PageSize; ; at += PageSize)
        {
            file.Position = at;
            if (file.ReadByte() is Inner or Leaf)
                return at;
        }
    }

    private List<string> Sums() =>
    [
        .. new[] { Database, Log }.Where(path => new FileInfo(path) is { Exists: true, Length: > 0 }).Select(path => $"{path} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))}"),
    ];
}
