using Headgate.Storage.Queue;
using Headgate.Storage.Sqlite;
using Headgate.TestKit;

namespace Headgate.Storage.Tests.Queue;

/// <summary>Timers count on while the clock on the wall is set.</summary>
public sealed class ClockJumpTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly WallClock _clock = new();
    private readonly EmbeddedStore _storage;

    public ClockJumpTests() => _storage = EmbeddedStore.Open(_folder.Path, _clock, _ => { }, DiskSync.Off);

    [Fact]
    public async Task Lock_ClockSetBack_EndsByTheClock()
    {
        await _storage.Queue.SendAsync(new("runs", "m1", "{}"u8.ToArray()));
        Assert.True(_storage.Queue.TryReceive("runs", out _));
        var next = _storage.Queue.ReceiveAsync("runs", CancellationToken.None).AsTask();

        _clock.Offset = TimeSpan.FromMinutes(-10);
        _clock.Ticking.Advance(TimeSpan.FromMinutes(10));
        Assert.False(next.IsCompleted);
        _clock.Ticking.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(2, (await next.WaitAsync(TimeSpan.FromSeconds(30))).DeliveryCount);
    }

    [Fact]
    public async Task Scheduled_ClockSetForward_IsDeliveredWithinAMinute()
    {
        await _storage.Queue.SendAsync(new("runs", "m1", "{}"u8.ToArray(), null, _clock.GetUtcNow() + TimeSpan.FromHours(8)));
        var next = _storage.Queue.ReceiveAsync("runs", CancellationToken.None).AsTask();

        _clock.Offset = TimeSpan.FromHours(9);
        _clock.Ticking.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("m1", (await next.WaitAsync(TimeSpan.FromSeconds(30))).MessageId);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _storage.DisposeAsync();
        _folder.Dispose();
    }
}
