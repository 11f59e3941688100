using Headgate.Engine.History;
using Microsoft.DurableTask;

namespace Headgate.Engine.Replay;

/// <summary>
/// External events and their waiters. Names ignore case. The latest waiter is served first, so that an abandoned wait doesn't take an
/// event from a newer one. Events without a waiter are kept in order.
/// </summary>
internal sealed class ExternalEvents(DataConverter converter)
{
    private Dictionary<string, List<IWaiter>>? _waiters;
    private List<EventRaised>? _kept;

    private interface IWaiter
    {
        Type Type { get; }

        bool Done { get; }

        void Take(EventRaised raised, DataConverter converter);
    }

    /// <summary>Events without a waiter, oldest first.</summary>
    public IReadOnlyList<EventRaised> Kept => _kept ?? [];

    /// <summary>Whether anyone waits.</summary>
    public bool Awaited
    {
        get
        {
            if (_waiters is null)
                return false;
            foreach (var (_, waiters) in _waiters)
            {
                if (waiters.Exists(waiter => !waiter.Done))
                    return true;
            }

            return false;
        }
    }

    public void Raise(EventRaised raised)
    {
        if (_waiters is not null && _waiters.TryGetValue(raised.Name, out var waiters))
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

        (_kept ??= []).Add(raised);
    }

    /// <returns>The default value if the event has no payload, as in Microsoft's engine.</returns>
    /// <exception cref="ArgumentException">A wait for the same name asks for another type.</exception>
    public Task<T> Wait<T>(string name, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellation);
        _waiters ??= new(StringComparer.OrdinalIgnoreCase);
        if (!_waiters.TryGetValue(name, out var waiters))
            _waiters.Add(name, waiters = new(1));
        waiters.RemoveAll(waiter => waiter.Done);
        if (waiters.Count > 0 && waiters[^1].Type != typeof(T))
            throw new ArgumentException($"Event '{name}' is awaited as {waiters[^1].Type} already and can't be awaited as {typeof(T)}.", nameof(name));
        var waiter = new Waiter<T>();
        if (TakeKept(name) is { } raised)
        {
            waiter.Take(raised, converter);
            return waiter.Task;
        }

        waiters.Add(waiter);
        if (cancellation.CanBeCanceled)
            cancellation.Register(static (waiter, token) => ((Waiter<T>)waiter!).TrySetCanceled(token), waiter);
        return waiter.Task;
    }

    private EventRaised? TakeKept(string name)
    {
        for (var i = 0; i < _kept?.Count; i++)
        {
            if (!string.Equals(_kept[i].Name, name, StringComparison.OrdinalIgnoreCase))
                continue;
            var raised = _kept[i];
            _kept.RemoveAt(i);
            return raised;
        }

        return null;
    }

    private sealed class Waiter<T> : TaskCompletionSource<T>, IWaiter
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
                // The waiter must learn that the event came but could not be read.
                TrySetException(unreadable);
                return;
            }

            TrySetResult(value!);
        }
    }
}
