using System.Collections.Concurrent;
using Headgate.Ports;

namespace Headgate.Storage.Queue;

/// <summary>
/// Delivers a queue's messages to a handler and renews their locks meanwhile. When the handler returns, the message is completed; when it
/// throws, abandoned. A handler may also complete, abandon or dead-letter its message itself.
/// </summary>
public sealed class QueuePump : IAsyncDisposable
{
    private readonly SqliteQueue _queue;
    private readonly string _name;
    private readonly PumpOptions _options;
    private readonly Func<ReceivedMessage, CancellationToken, Task> _handle;
    private readonly TimeProvider _time;
    private readonly Action<ReceivedMessage, Exception> _failed;
    private readonly SemaphoreSlim _free;
    private readonly ConcurrentDictionary<ReceivedMessage, long> _inHand = new(ReferenceEqualityComparer.Instance);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly Action<ReceivedMessage> _begin;
    private readonly ITimer _renewal;
    private readonly Task _receiving;

    /// <summary>Starts at once.</summary>
    /// <param name="queue">The store's queues.</param>
    /// <param name="name">The queue's name.</param>
    /// <param name="options">Concurrency and lock renewal.</param>
    /// <param name="handle">The handler.</param>
    /// <param name="failed">Called with what the handler threw, before the message is abandoned. Must not throw.</param>
    /// <param name="time">The clock of the locks.</param>
    public QueuePump(
        SqliteQueue queue,
        string name,
        PumpOptions options,
        Func<ReceivedMessage, CancellationToken, Task> handle,
        Action<ReceivedMessage, Exception> failed,
        TimeProvider time)
    {
        (_queue, _name, _options, _handle, _failed, _time) = (queue, name, options, handle, failed, time);
        _free = new(options.Concurrency);
        _begin = message => _ = HandleAsync(message);
        // Twice per lock duration, so that every lock is renewed before it ends, whenever it was taken.
        var period = queue.Options.LockDuration / 2;
        _renewal = time.CreateTimer(_ => RenewLocks(), null, period, period);
        _receiving = Task.Run(ReceiveAsync);
    }

    /// <summary>Messages being handled now.</summary>
    public int InHand => _inHand.Count;

    /// <summary>Takes no more messages and waits for those in hand. When <paramref name="deadline"/> fires, the handlers are cancelled.</summary>
    public async Task StopAsync(CancellationToken deadline)
    {
        await _stop.CancelAsync();
        await using var registration = deadline.Register(_abort.Cancel);
        await _receiving;
        for (var i = 0; i < _options.Concurrency; i++)
            await _free.WaitAsync(CancellationToken.None);
        _free.Release(_options.Concurrency);
        await _renewal.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await StopAsync(now.Token);
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                await _free.WaitAsync(_stop.Token);
                try
                {
                    var message = await _queue.ReceiveAsync(_name, _stop.Token);
                    _inHand[message] = _time.GetTimestamp();
                    ThreadPool.QueueUserWorkItem(_begin, message, preferLocal: false);
                }
                catch
                {
                    _free.Release();
                    throw;
                }
            }
        }
        catch (Exception problem) when (problem is OperationCanceledException or StoreUnavailableException)
        {
            // Stopped, or the log has failed and the process is ending.
        }
    }

    private async Task HandleAsync(ReceivedMessage message)
    {
        try
        {
            await _queue.CountedAsync(message);
            await _handle(message, _abort.Token);
            _queue.Complete(message);
        }
        catch (Exception problem)
        {
            _failed(message, problem);
            _queue.Abandon(message);
        }
        finally
        {
            _inHand.TryRemove(message, out _);
            _free.Release();
        }
    }

    private void RenewLocks()
    {
        foreach (var (message, since) in _inHand)
        {
            if (_time.GetElapsedTime(since) < _options.MaxLockRenewal)
                _queue.Renew(message);
        }
    }
}
