using Headgate.LocalHost.Durable.History;
using Microsoft.DurableTask;

namespace Headgate.LocalHost.Durable.Replay;

/// <summary>
/// Events from outside and who waits for them. Names are compared without regard to case; the latest waiter is served first, so that
/// an abandoned wait does not swallow what a newer one asks for; what nobody waits for is kept in order.
/// </summary>
internal sealed class ExternalEvents(DataConverter converter)
{
    private readonly Dictionary<string, List<IWaiter>> _waiters = new(StringComparer.OrdinalIgnoreCase);

    private interface IWaiter
    {
        Type Type { get; }

        bool Done { get; }

        void Take(EventRaised raised, DataConverter converter);
    }

    /// <summary>Events nobody has taken, oldest first.</summary>
    public List<EventRaised> Kept { get; } = [];

    /// <summary>Whether anyone waits.</summary>
    public bool Awaited => _waiters.Values.Any(waiters => waiters.Exists(waiter => !waiter.Done));

    public void Raise(EventRaised raised)
    {
        if (_waiters.TryGetValue(raised.Name, out var waiters))
        {
            waiters.RemoveAll(waiter => waiter.Done);
            if (waiters.Count > 0)
            {
                var latest = waiters[^1];
                waiters.RemoveAt(waiters.Count - 1);
                latest.Take(raised, converter);
                return;
            }
        }

        Kept.Add(raised);
    }

    /// <exception cref="ArgumentException">A wait for the same name asks for another type.</exception>
    public Task<T?> Wait<T>(string name, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled<T?>(cancellation);
        if (!_waiters.TryGetValue(name, out var waiters))
            _waiters.Add(name, waiters = []);
        waiters.RemoveAll(waiter => waiter.Done);
        if (waiters.Count > 0 && waiters[^1].Type != typeof(T))
            throw new ArgumentException($"Event '{name}' is awaited as {waiters[^1].Type} already and can't be awaited as {typeof(T)}.", nameof(name));
        var waiter = new Waiter<T>();
        var kept = Kept.FindIndex(raised => string.Equals(raised.Name, name, StringComparison.OrdinalIgnoreCase));
        if (kept >= 0)
        {
            var raised = Kept[kept];
            Kept.RemoveAt(kept);
            waiter.Take(raised, converter);
            return waiter.Task;
        }

        waiters.Add(waiter);
        if (cancellation.CanBeCanceled)
            cancellation.Register(() => waiter.TrySetCanceled(cancellation));
        return waiter.Task;
    }

    private sealed class Waiter<T> : TaskCompletionSource<T?>, IWaiter
    {
        public Type Type => typeof(T);

        public bool Done => Task.IsCompleted;

        public void Take(EventRaised raised, DataConverter converter)
        {
            T? value;
            try
            {
                value = raised.Payload is null ? default : converter.Deserialize<T>(raised.Payload);
            }
            catch (Exception unreadable)
            {
                // Whoever waits must learn that the event came and could not be read.
                TrySetException(unreadable);
                return;
            }

            TrySetResult(value);
        }
    }
}
