using Headgate.Storage.Queue;
using Headgate.Storage.Sqlite;
using Headgate.TestKit;

namespace Headgate.Storage.Tests.Queue;

public sealed class QueuePumpTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly EmbeddedStore _storage;

    public QueuePumpTests() => _storage = EmbeddedStore.Open(_folder.Path, _clock, _ => { }, DiskSync.Off);

    [Fact]
    public async Task Handler_Returning_CompletesTheMessage()
    {
        var handled = new Handler(_ => Task.CompletedTask);
        await using var pump = Pump(1, handled);
        await Send(3);
        await handled.ReachedAsync(3);
        await pump.StopAsync(CancellationToken.None);

        Assert.Equal(["m0", "m1", "m2"], handled.Ids);
        Assert.Equal(0, (await _storage.Queue.GetAsync("runs")).Active);
    }

    [Fact]
    public async Task Handler_Throwing_GetsTheMessageAgain()
    {
        var handler = new Handler(message => message.DeliveryCount < 3 ? throw new InvalidOperationException("not yet") : Task.CompletedTask);
        await using var pump = Pump(1, handler);
        await Send(1);

        await handler.ReachedAsync(3);
        await pump.StopAsync(CancellationToken.None);

        Assert.Equal(["m0", "m0", "m0"], handler.Ids);
        Assert.Equal((0, 0), ((await _storage.Queue.GetAsync("runs")).Active, (await _storage.Queue.GetAsync("runs")).DeadLettered));
    }

    [Fact]
    public async Task Handler_AlwaysThrowing_EndsInTheDeadLetters()
    {
        var handler = new Handler(_ => throw new InvalidOperationException("never"));
        await using var pump = Pump(4, handler);
        await Send(1);

        await handler.ReachedAsync(10);
        await pump.StopAsync(CancellationToken.None);

        Assert.Equal(1, (await _storage.Queue.GetAsync("runs")).DeadLettered);
    }

    [Fact]
    public async Task Handlers_RunAtOnce_UpToTheBound()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handler = new Handler(_ => go.Task);
        await using var pump = Pump(4, handler);
        await Send(12);

        await handler.ReachedAsync(4);
        Assert.Equal(4, pump.InHand);
        go.SetResult();
        await handler.ReachedAsync(12);

        Assert.Equal(4, handler.MostAtOnce);
    }

    [Fact]
    public async Task Lock_OfALongHandler_IsRenewedUpToTheLimit()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handler = new Handler(_ => go.Task);
        await using var pump = Pump(1, handler);
        await Send(1);
        await handler.ReachedAsync(1);

        _clock.Advance(TimeSpan.FromMinutes(4));
        Assert.False(_storage.Queue.TryReceive("runs", out _));
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.True(_storage.Queue.TryReceive("runs", out _));
        go.SetResult();
    }

    [Fact]
    public async Task StopAsync_MessageInHand_IsWaitedForAndNoneTaken()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handler = new Handler(_ => go.Task);
        var pump = Pump(1, handler);
        await Send(2);
        await handler.ReachedAsync(1);

        var stopping = pump.StopAsync(CancellationToken.None);
        Assert.False(stopping.IsCompleted);
        go.SetResult();
        await stopping;

        Assert.Equal(["m0"], handler.Ids);
        Assert.Equal(1, (await _storage.Queue.GetAsync("runs")).Active);
    }

    [Fact]
    public async Task StopAsync_PastItsDeadline_CancelsHandlersAndAbandonsTheirMessages()
    {
        var handler = new Handler(_ => Task.CompletedTask, untilCancelled: true);
        var pump = Pump(1, handler);
        await Send(1);
        await handler.ReachedAsync(1);

        await pump.DisposeAsync();

        Assert.True(_storage.Queue.TryReceive("runs", out var again));
        Assert.Equal(2, again.DeliveryCount);
    }

    [Fact]
    public async Task StopAsync_LogRefusesWhileAMessageIsInHand_Ends()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handler = new Handler(_ => go.Task);
        var pump = Pump(2, handler);
        await Send(1);
        await handler.ReachedAsync(1);
        await _storage.Log.DisposeAsync();
        go.SetException(new InvalidOperationException("the message goes back in line"));
        Assert.True(SpinWait.SpinUntil(() => pump.InHand == 0, Patience.Limit));

        await pump.StopAsync(CancellationToken.None).WaitAsync(Patience.Limit);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _storage.DisposeAsync();
        _folder.Dispose();
    }

    private QueuePump Pump(int concurrency, Handler handler) =>
        new(_storage.Queue, "runs", new(concurrency), handler.HandleAsync, (_, _) => { }, _clock);

    private async Task Send(int count)
    {
        for (var i = 0; i < count; i++)
            await _storage.Queue.SendAsync(new("runs", $"m{i}", "{}"u8.ToArray()));
    }

    private sealed class Handler(Func<ReceivedMessage, Task> body, bool untilCancelled = false)
    {
        private readonly Lock _gate = new();
        private readonly List<string> _ids = [];
        private readonly SemaphoreSlim _started = new(0);
        private int _running;
        private int _awaited;

        public List<string> Ids
        {
            get
            {
                lock (_gate)
                    return [.. _ids];
            }
        }

        public int MostAtOnce { get; private set; }

        /// <summary>Waits until the handler was called this often in total.</summary>
        public async Task ReachedAsync(int starts)
        {
            for (; _awaited < starts; _awaited++)
                Assert.True(await _started.WaitAsync(Patience.Limit), "The handler was not called in time.");
        }

        public async Task HandleAsync(ReceivedMessage message, CancellationToken cancellationToken)
        {
            lock (_gate)
            {
                _ids.Add(message.MessageId);
                MostAtOnce = Math.Max(MostAtOnce, ++_running);
            }

            _started.Release();
            try
            {
                if (untilCancelled)
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                await body(message);
            }
            finally
            {
                lock (_gate)
                    _running--;
            }
        }
    }
}
