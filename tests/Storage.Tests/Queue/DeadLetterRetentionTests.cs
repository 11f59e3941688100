using Headgate.Storage.Queue;
using Headgate.Storage.Sqlite;
using Headgate.TestKit;

namespace Headgate.Storage.Tests.Queue;

public sealed class DeadLetterRetentionTests : IAsyncLifetime
{
    private static readonly QueueOptions Options = new() { MaxDeadLetters = 3, DeadLetterRetention = TimeSpan.FromHours(10), DuplicateWindow = TimeSpan.FromSeconds(1) };

    private readonly TempFolder _folder = new();
    private readonly ManualClock _clock = new();
    private EmbeddedStore _storage;

    public DeadLetterRetentionTests() => _storage = Open();

    [Fact]
    public async Task DeadLetters_MoreThanAreKept_TheOldestGo()
    {
        foreach (var id in new[] { "m1", "m2", "m3", "m4", "m5" })
            await DeadLetter(id);

        Assert.Equal(["m3", "m4", "m5"], await Letters());
        Assert.Equal(3, await Count());
    }

    [Fact]
    public async Task DeadLetters_OlderThanTheRetention_GoByThemselves()
    {
        await DeadLetter("old");
        _clock.Advance(TimeSpan.FromHours(6));
        await DeadLetter("young");

        _clock.Advance(TimeSpan.FromHours(4) - TimeSpan.FromMinutes(1));
        Assert.Equal(["old", "young"], await Letters());
        _clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(["young"], await Letters());
        Assert.Equal(1, await Count());
    }

    [Fact]
    public async Task DeadLetters_AgeWhileMessagesWait_CountsFromTheDeadLettering()
    {
        await _storage.Queue.SendAsync(new("runs", "m1", "{}"u8.ToArray(), null, _clock.GetUtcNow() + TimeSpan.FromHours(9)));
        _clock.Advance(TimeSpan.FromHours(9));
        Take("m1");

        _clock.Advance(TimeSpan.FromHours(9));

        Assert.Equal(["m1"], await Letters());
    }

    [Fact]
    public async Task DeadLetters_AfterARestart_KeepTheirAgeAndNumber()
    {
        foreach (var id in new[] { "m1", "m2", "m3" })
            await DeadLetter(id);
        _clock.Advance(TimeSpan.FromHours(6));
        await Reopen();
        await DeadLetter("m4");
        Assert.Equal(["m2", "m3", "m4"], await Letters());

        _clock.Advance(TimeSpan.FromHours(5));

        Assert.Equal(["m4"], await Letters());
    }

    [Fact]
    public async Task DeadLetters_PastTheirTimeWhileTheProcessIsAway_GoAnHourAfterTheStart()
    {
        await DeadLetter("m1");
        await _storage.DisposeAsync();
        _clock.Advance(TimeSpan.FromDays(1));
        _storage = Open();
        Assert.Equal(1, await Count());

        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Empty(await Letters());
        Assert.Equal(0, await Count());
    }

    [Fact]
    public async Task DeadLetters_OfAnotherQueue_HaveTheirOwnNumber()
    {
        foreach (var id in new[] { "m1", "m2", "m3" })
            await DeadLetter(id);
        await DeadLetter("m4", "other");

        Assert.Equal(["m1", "m2", "m3"], await Letters());
        Assert.Equal(["m4"], await Letters("other"));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _storage.DisposeAsync();
        _folder.Dispose();
    }

    private EmbeddedStore Open() => EmbeddedStore.Open(_folder.Path, _clock, _ => { }, DiskSync.Off, Options);

    private async Task Reopen()
    {
        await _storage.DisposeAsync();
        _storage = Open();
    }

    private async Task DeadLetter(string id, string queue = "runs")
    {
        await _storage.Queue.SendAsync(new(queue, id, "{}"u8.ToArray()));
        Take(id, queue);
    }

    private void Take(string id, string queue = "runs")
    {
        Assert.True(_storage.Queue.TryReceive(queue, out var message));
        Assert.Equal(id, message.MessageId);
        Assert.True(_storage.Queue.DeadLetter(message, "why"));
    }

    private async Task<IEnumerable<string>> Letters(string queue = "runs") =>
        (await _storage.Queue.ReadAsync(queue, 0, 100)).Select(letter => letter.MessageId);

    private async Task<long> Count() => (await _storage.Queue.GetAsync("runs")).DeadLettered;
}
