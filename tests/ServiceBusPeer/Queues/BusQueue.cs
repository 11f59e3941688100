namespace Headgate.ServiceBusPeer.Queues;

/// <summary>
/// A queue with peek-lock: a lock of 30 seconds, ten deliveries, a duplicate window of one minute. Time is the given clock's alone: what
/// is due is done when the queue is next looked at. Safe for concurrent use.
/// </summary>
public sealed class BusQueue(TimeProvider clock)
{
    private const int MaxDeliveries = 10;
    private static readonly TimeSpan LockDuration = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DuplicateWindow = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly List<QueuedMessage> _messages = [];
    private readonly List<QueuedMessage> _dead = [];
    private readonly Dictionary<string, DateTimeOffset> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TaskCompletionSource> _arrivals = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastSequence;

    /// <summary>Everything not settled, scheduled messages too, in the order of their sequence numbers.</summary>
    public IReadOnlyList<QueuedMessage> Messages => Look(_ => _messages.ToArray());

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<QueuedMessage> DeadLetters => Look(_ => _dead.ToArray());

    /// <summary>Ends when a message of this id has been taken in, scheduled or not; gives up after five minutes.</summary>
    public Task ArrivedAsync(string id) => Look(_ => Arrival(id).Task.WaitAsync(TimeSpan.FromMinutes(5)));

    /// <summary>Null where nothing is deliverable now.</summary>
    public QueuedMessage? Receive() => Look(now =>
    {
        var at = _messages.FindIndex(message => message is { Lock: null, IsScheduled: false });
        return at < 0 ? null : _messages[at] = _messages[at] with
        {
            Deliveries = _messages[at].Deliveries + 1,
            Lock = Guid.NewGuid(),
            LockedUntil = now + LockDuration,
        };
    });

    /// <summary>Waits until something is deliverable.</summary>
    public async Task<QueuedMessage> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var (changed, due) = Look(now => (_changed.Task, Due(now)));
            if (Receive() is { } message)
                return message;
            await changed.WaitAsync(due, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <returns>False where the lock is gone; so for all that take a lock.</returns>
    public bool Complete(Guid hold) => Settle(hold, (at, _) => _messages.RemoveAt(at));

    public bool Abandon(Guid hold) => Settle(hold, (at, _) => Free(at));

    public bool Renew(Guid hold) => Settle(hold, (at, now) => _messages[at] = _messages[at] with { LockedUntil = now + LockDuration });

    public bool DeadLetter(Guid hold, string reason) => Settle(hold, (at, _) => Bury(at, reason));

    /// <summary>Takes messages in; one whose id is known within the window is dropped.</summary>
    internal void Take(IEnumerable<BusMessage> sent) => Look(now =>
    {
        foreach (var message in sent)
        {
            if (_known.TryGetValue(message.Id, out var first) && now - first < DuplicateWindow)
                continue;
            _known[message.Id] = now;
            _messages.Add(new QueuedMessage(message, ++_lastSequence, now) { IsScheduled = message.ScheduledFor > now });
            Arrival(message.Id).TrySetResult();
        }

        Change();
        return true;
    });

    private TaskCompletionSource Arrival(string id)
    {
        if (!_arrivals.TryGetValue(id, out var arrival))
            _arrivals[id] = arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return arrival;
    }

    private bool Settle(Guid hold, Action<int, DateTimeOffset> settle) => Look(now =>
    {
        var at = _messages.FindIndex(message => message.Lock == hold);
        if (at < 0)
            return false;
        settle(at, now);
        Change();
        return true;
    });

    /// <summary>How long until a message may become deliverable by time alone.</summary>
    private TimeSpan Due(DateTimeOffset now)
    {
        var times = _messages.Where(message => message.IsScheduled).Select(message => message.Sent.ScheduledFor!.Value)
            .Concat(_messages.Where(message => message.Lock is not null).Select(message => message.LockedUntil));
        return times.DefaultIfEmpty(DateTimeOffset.MaxValue).Min() - now is var left && left < LongestWait ? left : LongestWait;
    }

    private void Change()
    {
        _changed.TrySetResult();
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private T Look<T>(Func<DateTimeOffset, T> look)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            for (var at = _messages.Count - 1; at >= 0; at--)
            {
                if (_messages[at].Lock is not null && _messages[at].LockedUntil <= now)
                    Free(at);
            }

            foreach (var due in _messages.Where(message => message.IsScheduled && message.Sent.ScheduledFor <= now).OrderBy(message => message.Sent.ScheduledFor).ToList())
            {
                _messages.Remove(due);
                _messages.Add(due with { IsScheduled = false, Sequence = ++_lastSequence, EnqueuedAt = due.Sent.ScheduledFor!.Value });
            }

            return look(now);
        }
    }

    private void Free(int at)
    {
        if (_messages[at].Deliveries == MaxDeliveries)
            Bury(at, "MaxDeliveryCountExceeded");
        else
            _messages[at] = _messages[at] with { Lock = null };
    }

    private void Bury(int at, string reason)
    {
        _dead.Add(_messages[at] with { Lock = null, DeadReason = reason });
        _messages.RemoveAt(at);
    }
}
