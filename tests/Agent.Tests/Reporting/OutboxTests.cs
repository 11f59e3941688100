using Headgate.Agent.Reporting;
using Headgate.Agent.Tests.Support;
using Headgate.Contracts.Agents;

namespace Headgate.Agent.Tests.Reporting;

public sealed class OutboxTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task NextAsync_AfterReopening_GivesWhatWasNotSettledInOrder()
    {
        var first = await FilledAsync(5);
        var batch = await first.NextAsync(2, CancellationToken.None);
        foreach (var entry in batch!)
            first.Settle(entry);

        var again = await Open().NextAsync(100, CancellationToken.None);

        // Results share a file until the last of them is settled: sending one twice is harmless, losing one is not.
        Assert.Equal(["r.0", "r.1", "r.2", "r.3", "r.4"], again!.Select(e => e.Result.TaskId));
    }

    [Fact]
    public async Task Settle_AllOfAFile_RemovesIt()
    {
        var outbox = await FilledAsync(150);
        Assert.Equal(2, Directory.GetFiles(_folder.At("outbox")).Length);

        foreach (var entry in outbox.Unsettled())
            outbox.Settle(entry);

        Assert.Empty(Directory.GetFiles(_folder.At("outbox")));
        Assert.Null(await outbox.NextAsync(100, CancellationToken.None));
    }

    [Fact]
    public async Task NextAsync_BigResults_KeepsTheBatchBelowItsLimit()
    {
        var outbox = Open();
        for (var i = 0; i < 10; i++)
            outbox.Add(Result(i, new string('x', 60_000)));
        await StoreAsync(outbox);

        var batch = (await outbox.NextAsync(100, CancellationToken.None))!;

        Assert.Equal(3, batch.Count);
        Assert.InRange(batch.Sum(e => e.Bytes), 180_000, Outbox.MaxBatchBytes);
    }

    [Fact]
    public async Task Add_LogThatEscapingBlowsUp_IsCutToItsEnd()
    {
        var outbox = Open();
        outbox.Add(Result(0, new string('\u0001', 65_000) + "end"));
        await StoreAsync(outbox);

        var entry = Assert.Single(outbox.Unsettled());
        Assert.InRange(entry.Bytes, 1, 128 * 1024);
        Assert.EndsWith("end", entry.Result.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drop_OneAttempt_LeavesTheOthers()
    {
        var outbox = await FilledAsync(2);

        outbox.Drop("r.0", 2);
        outbox.Drop("r.1", 1);

        Assert.Equal("r.0", Assert.Single(outbox.Unsettled()).Result.TaskId);
    }

    [Fact]
    public async Task Open_UnreadableAndUnfinishedFiles_AreSetAside()
    {
        await FilledAsync(1);
        _folder.Write("outbox/000000000007.json", "{ cut");
        _folder.Write("outbox/000000000008.json.tmp", "{}");

        Assert.Single(Open().Unsettled());

        Assert.Equal(["000000000001.json", "000000000007.json.bad"], Directory.GetFiles(_folder.At("outbox")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private Outbox Open() => Outbox.Open(_folder.At("outbox"), Given.Silent, TimeProvider.System);

    private async Task<Outbox> FilledAsync(int results)
    {
        var outbox = Open();
        for (var i = 0; i < results; i++)
            outbox.Add(Result(i));
        await StoreAsync(outbox);
        return outbox;
    }

    private static Task StoreAsync(Outbox outbox)
    {
        outbox.Complete();
        return outbox.StoreAsync();
    }

    private static TaskResult Result(int number, string? log = null) => new($"r.{number}", 1, "success", 1, Log: log);
}
