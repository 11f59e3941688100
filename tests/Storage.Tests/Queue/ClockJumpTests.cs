using Headgate.Storage.Queue;
using Headgate.Storage.Sqlite;
using Headgate.TestKit;

namespace Headgate.Storage.Tests.Queue;

/// <summary>Messages wait as long as they should even if the wall clock is set meanwhile.</summary>
public sealed class ClockJumpTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly WallClock _clock = new();
    private EmbeddedStore _storage;

    public ClockJumpTests() => _storage = Open();

    [Theory]
    [InlineData(-600)]
    [InlineData(600)]
    public async Task Lock_ClockSetMeanwhile_EndsAfterItsDuration(int minutes)
    {
        await SendAsync("m1");
        Assert.True(_storage.Queue.TryReceive("runs", out _));
        var next = _storage.Queue.ReceiveAsync("runs", CancellationToken.None).AsTask();

        _clock.Offset = TimeSpan.FromMinutes(minutes);
        _clock.Ticking.Advance(TimeSpan.FromSeconds(29));
        Assert.False(next.IsCompleted);
        _clock.Ticking.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(2, (await next.WaitAsync(Patience.Limit)).DeliveryCount);
    }

    [Theory]
    [InlineData(-600)]
    [InlineData(600)]
    public async Task Lock_RenewedAndReleasedAfterTheClockWasSet_StillHolds(int minutes)
    {
        await SendAsync("m1");
        Assert.True(_storage.Queue.TryReceive("runs", out var message));

        _clock.Offset = TimeSpan.FromMinutes(minutes);
        _clock.Ticking.Advance(TimeSpan.FromSeconds(20));
        Assert.NotNull(_storage.Queue.Renew(message));
        _clock.Ticking.Advance(TimeSpan.FromSeconds(20));

        Assert.True(_storage.Queue.Complete(message));
    }

    [Theory]
    [InlineData(-600)]
    [InlineData(600)]
    public async Task Scheduled_ClockSetMeanwhile_IsDeliveredWhenItsTimeHasPassed(int minutes)
    {
        await SendAsync("m1", _clock.GetUtcNow() + TimeSpan.FromHours(8));

        _clock.Offset = TimeSpan.FromMinutes(minutes);

        await IsDeliveredAfterAsync(TimeSpan.FromHours(8));
    }

    [Theory]
    [InlineData(-600)]
    [InlineData(600)]
    public async Task Scheduled_ClockSetBefore_IsDeliveredWhenItsTimeHasPassed(int minutes)
    {
        _clock.Offset = TimeSpan.FromMinutes(minutes);

        await SendAsync("m1", _clock.GetUtcNow() + TimeSpan.FromHours(8));

        await IsDeliveredAfterAsync(TimeSpan.FromHours(8));
    }

    [Fact]
    public async Task Scheduled_ClockSetBackWhileTheProcessIsAway_WaitsNoLongerThanWasLeft()
    {
        await SendAsync("m1", _clock.GetUtcNow() + TimeSpan.FromHours(8));

        _clock.Offset = TimeSpan.FromHours(-24);
        await ReopenAsync();

        await IsDeliveredAfterAsync(TimeSpan.FromHours(8));
    }

    [Theory]
    [InlineData(-600, false)]
    [InlineData(600, false)]
    [InlineData(-600, true)]
    public async Task Send_SameIdAfterTheClockWasSet_IsDroppedForAMinuteAndNoLonger(int minutes, bool afterRestart)
    {
        await SendAsync("m1");
        Assert.True(_storage.Queue.TryReceive("runs", out var message));
        Assert.True(_storage.Queue.Complete(message));

        _clock.Offset = TimeSpan.FromMinutes(minutes);
        if (afterRestart)
            await ReopenAsync();
        _clock.Ticking.Advance(TimeSpan.FromSeconds(59));
        await SendAsync("m1");
        Assert.False(_storage.Queue.TryReceive("runs", out _));
        _clock.Ticking.Advance(TimeSpan.FromSeconds(1));
        await SendAsync("m1");

        Assert.True(_storage.Queue.TryReceive("runs", out _));
    }

    [Theory]
    [InlineData(-30, 14)]
    [InlineData(30, 14)]
    public async Task DeadLetter_ClockSetByDays_IsKeptForItsTime(int days, int kept)
    {
        await SendAsync("m1");
        Assert.True(_storage.Queue.TryReceive("runs", out var message));
        Assert.True(_storage.Queue.DeadLetter(message, "why"));

        _clock.Offset = TimeSpan.FromDays(days);
        _clock.Ticking.Advance(TimeSpan.FromDays(kept) - TimeSpan.FromMinutes(1));
        Assert.Single(await _storage.Queue.ReadAsync("runs", 0, 10));
        _clock.Ticking.Advance(TimeSpan.FromMinutes(1));

        Assert.Empty(await _storage.Queue.ReadAsync("runs", 0, 10));
    }

    [Theory]
    [InlineData(-600)]
    [InlineData(600)]
    public async Task Depth_ClockSetMeanwhile_GivesTheElapsedAge(int minutes)
    {
        await SendAsync("m1");

        _clock.Offset = TimeSpan.FromMinutes(minutes);
        _clock.Ticking.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(TimeSpan.FromSeconds(5), (await _storage.Queue.GetAsync("runs")).OldestAge);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _storage.DisposeAsync();
        _folder.Dispose();
    }

    private EmbeddedStore Open() => EmbeddedStore.Open(_folder.Path, _clock, _ => { }, DiskSync.Off);

    private async Task ReopenAsync()
    {
        await _storage.DisposeAsync();
        _storage = Open();
    }

    private ValueTask SendAsync(string id, DateTimeOffset? due = null) => _storage.Queue.SendAsync(new("runs", id, "{}"u8.ToArray(), null, due));

    private async Task IsDeliveredAfterAsync(TimeSpan wait)
    {
        var next = _storage.Queue.ReceiveAsync("runs", CancellationToken.None).AsTask();
        _clock.Ticking.Advance(wait - TimeSpan.FromSeconds(1));
        Assert.False(next.IsCompleted);
        _clock.Ticking.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("m1", (await next.WaitAsync(Patience.Limit)).MessageId);
    }
}
