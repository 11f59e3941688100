using Headgate.Ports;
using Headgate.Storage.Queue;
using Headgate.Storage.Queue.Records;
using Headgate.Storage.Sqlite;
using Headgate.Storage.Tests.Log;
using Headgate.Storage.Tests.Sqlite;
using Headgate.TestKit;

namespace Headgate.Storage.Tests;

/// <summary>What a data folder holds after an orderly stop and after a kill.</summary>
public sealed class EmbeddedStoreTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly ManualClock _clock = new();
    private EmbeddedStore _storage;

    public EmbeddedStoreTests() => _storage = Open(_folder.Path);

    [Fact]
    public async Task Open_AfterAnOrderlyStop_FindsEverything()
    {
        await Put("a", 1);
        await Put("b", 2);
        await _storage.Queue.SendAsync(new("runs", "m1", "{}"u8.ToArray()));

        await _storage.DisposeAsync();
        Assert.False(File.Exists(_folder["headgate.db-wal"]));
        _storage = Open(_folder.Path);

        Assert.Equal((1, 2), (await Value(_storage, "a"), await Value(_storage, "b")));
        Assert.True(_storage.Queue.TryReceive("runs", out _));
    }

    [Fact]
    public async Task Forget_AfterReadsAndWrites_ReadersAreClosedAndBothGoOn()
    {
        await Put("a", 1);
        await _storage.Log.MergedAsync();
        Assert.Equal(1, await Value(_storage, "a"));
        var reader = _storage.Database.Readers.Borrow();
        _storage.Database.Readers.Return(reader);

        _storage.Forget();

        var next = _storage.Database.Readers.Borrow();
        Assert.NotSame(reader, next);
        _storage.Database.Readers.Return(next);
        Assert.Equal(1, await Value(_storage, "a"));
        await Put("a", 2);
        await _storage.Log.MergedAsync();
        Assert.Equal(2, await Value(_storage, "a"));
    }

    [Fact]
    public async Task Open_AfterAKill_FindsWhatWasFlushedAndNothingElse()
    {
        await Put("a", 1);
        await _storage.Log.FlushedAsync();
        using var hold = new ManualResetEventSlim();
        _storage.Log.Append(new Note("stuck", () => { hold.Wait(); throw new InvalidOperationException("never written"); }));
        await Put("a", 2);
        await Put("b", 2);

        using var copy = new CrashCopy(_folder.Path);
        await using (var after = Open(copy.Path))
            Assert.Equal((1, null), (await Value(after, "a"), await Value(after, "b")));
        hold.Set();
    }

    [Fact]
    public async Task Open_AfterAKillUnderLoad_FindsWholeChangesAndAllThatWereAcknowledged()
    {
        var acknowledged = new int[4];
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var n = 1; !stop.IsCancellationRequested; n++)
            {
                await Put($"w{writer}", n, andAlso: true);
                await _storage.Log.FlushedAsync();
                Volatile.Write(ref acknowledged[writer], n);
            }
        })).ToArray();
        for (var round = 0; round < 5; round++)
        {
            var seen = acknowledged.ToArray();
            SpinWait.SpinUntil(() => acknowledged.Zip(seen).All(pair => pair.First >= pair.Second + 5), TimeSpan.FromSeconds(30));
            var before = acknowledged.ToArray();
            using var copy = new CrashCopy(_folder.Path);
            await using var after = Open(copy.Path);
            for (var writer = 0; writer < 4; writer++)
            {
                var found = await Value(after, $"w{writer}") ?? 0;
                Assert.InRange(found, before[writer], int.MaxValue);
                Assert.Equal(found, (await after.Tables.GetAsync(Table.Tasks, "p", $"w{writer}"))?.Columns.Int("value") ?? 0);
            }
        }

        await stop.CancelAsync();
        await Task.WhenAll(writers);
    }

    [Fact]
    public async Task ETags_AfterARestart_AreNeverGivenAgain()
    {
        var old = await Put("a", 1);
        await _storage.Tables.SubmitAsync(new(new TableBatch(Table.Tenants, TableWrite.DeleteIfExists("p", "a"))));

        await Reopen();
        var fresh = await Put("a", 2);

        Assert.True(long.Parse(fresh) > long.Parse(old));
    }

    [Fact]
    public async Task Messages_AfterAKill_ComeBackUnlessCompletedAndCountTheirDeliveries()
    {
        foreach (var id in new[] { "completed", "delivered", "waiting" })
            await _storage.Queue.SendAsync(new("runs", id, "{}"u8.ToArray(), "trace", null));
        await _storage.Queue.SendAsync(new("runs", "scheduled", "{}"u8.ToArray(), null, _clock.GetUtcNow() + TimeSpan.FromMinutes(1)));
        _storage.Queue.Complete(Receive(_storage));
        Receive(_storage);
        await _storage.Log.FlushedAsync();

        using var copy = new CrashCopy(_folder.Path);
        await using var after = Open(copy.Path);

        var (first, second) = (Receive(after), Receive(after));
        Assert.Equal(("delivered", 2, "trace"), (first.MessageId, first.DeliveryCount, first.TraceParent));
        Assert.Equal(("waiting", 1), (second.MessageId, second.DeliveryCount));
        Assert.False(after.Queue.TryReceive("runs", out _));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("delivered", Receive(after).MessageId);
        Assert.Equal("waiting", Receive(after).MessageId);
        Assert.Equal("scheduled", Receive(after).MessageId);
    }

    [Fact]
    public async Task Messages_AfterARestart_AreStillKnownAsDuplicatesForTheRestOfTheWindow()
    {
        await _storage.Queue.SendAsync(new("runs", "m1", "{}"u8.ToArray()));
        _storage.Queue.Complete(Receive(_storage));

        await Reopen();
        _clock.Advance(TimeSpan.FromSeconds(59));
        await _storage.Queue.SendAsync(new("runs", "m1", "{}"u8.ToArray()));
        Assert.False(_storage.Queue.TryReceive("runs", out _));
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _storage.Queue.SendAsync(new("runs", "m1", "{}"u8.ToArray()));

        Assert.Equal("m1", Receive(_storage).MessageId);
    }

    [Fact]
    public async Task Messages_ThatKilledTheProcessTooOften_AreDeadLetteredAtStart()
    {
        await _storage.Queue.SendAsync(new("runs", "poison", "{}"u8.ToArray()));
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(i + 1, Receive(_storage).DeliveryCount);
            await Reopen();
        }

        Assert.False(_storage.Queue.TryReceive("runs", out _));
        var letter = Assert.Single(await _storage.Queue.ReadAsync("runs", 0, 10));
        Assert.Equal(("poison", 10, "MaxDeliveryCountExceeded"), (letter.MessageId, letter.Deliveries, letter.Reason));
        Assert.Equal(1, (await _storage.Queue.GetAsync("runs")).DeadLettered);
    }

    [Fact]
    public async Task Open_AfterTheWindow_HasForgottenCompletedMessages()
    {
        await _storage.Queue.SendAsync(new("runs", "m1", "{}"u8.ToArray()));
        _storage.Queue.Complete(Receive(_storage));
        _clock.Advance(TimeSpan.FromMinutes(2));
        await _storage.Queue.SendAsync(new("runs", "m2", "{}"u8.ToArray()));
        _storage.Queue.Complete(Receive(_storage));
        await _storage.Log.MergedAsync();
        _clock.Advance(TimeSpan.FromMinutes(2));
        await _storage.Queue.SendAsync(new("runs", "m3", "{}"u8.ToArray()));
        _storage.Queue.Complete(Receive(_storage));
        await _storage.Log.MergedAsync();

        var reader = _storage.Database.Readers.Borrow();
        Assert.Empty(MessageStatements.ReadRecent(reader, DateTimeOffset.MinValue));
        Assert.Equal(["m3"], MessageIdStatements.Read(reader).Select(sent => sent.MessageId));
        _storage.Database.Readers.Return(reader);
    }

    [Fact]
    public async Task Open_OptionsThatCantBeUsed_ClosesTheFolderAgain()
    {
        await Put("a", 1);
        await _storage.DisposeAsync();
        var options = new QueueOptions { DuplicateWindow = TimeSpan.MaxValue };

        Assert.Throws<ArgumentOutOfRangeException>(() => EmbeddedStore.Open(_folder.Path, _clock, _ => { }, DiskSync.Off, options));

        // SQLite removes it with the last connection, and the writer thread holds one.
        Assert.False(File.Exists(_folder["headgate.db-wal"]));
        _storage = Open(_folder.Path);
        Assert.Equal(1, await Value(_storage, "a"));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _storage.DisposeAsync();
        _folder.Dispose();
    }

    private static ReceivedMessage Receive(EmbeddedStore storage)
    {
        Assert.True(storage.Queue.TryReceive("runs", out var message));
        return message;
    }

    private static async Task<int?> Value(EmbeddedStore storage, string key) =>
        (await storage.Tables.GetAsync(Table.Tenants, "p", key))?.Columns.Int("value");

    private EmbeddedStore Open(string folder) => EmbeddedStore.Open(folder, _clock, _ => { }, DiskSync.Off);

    private async Task Reopen()
    {
        await _storage.DisposeAsync();
        _storage = Open(_folder.Path);
    }

    private async Task<string> Put(string key, int value, bool andAlso = false)
    {
        var write = TableWrite.Upsert(new("p", key, new() { ["value"] = value }));
        var change = andAlso ? new TableChange(new TableBatch(Table.Tenants, write), new TableBatch(Table.Tasks, write)) : new(new TableBatch(Table.Tenants, write));
        return (await _storage.Tables.SubmitAsync(change)).ETags[0][0];
    }
}
