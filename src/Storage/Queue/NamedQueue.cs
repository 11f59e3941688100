using System.Buffers.Binary;
using Headgate.Ports;
using Headgate.Storage.Log;
using Headgate.Storage.Queue.DeadLetters;
using Headgate.Storage.Queue.Records;
using Headgate.Storage.Sqlite;

namespace Headgate.Storage.Queue;

/// <summary>
/// One queue in memory: messages waiting, scheduled and locked. Each step appends its record to the log lazily, under the same lock. Safe
/// for concurrent use.
/// </summary>
internal sealed class NamedQueue : IAsyncDisposable
{
    public const string TooManyDeliveries = "MaxDeliveryCountExceeded";

    private readonly Lock _gate = new();
    private readonly string _name;
    private readonly WriteLog _log;
    private readonly SequenceNumbers _numbers;
    private readonly SteadyClock _clock;
    private readonly QueueOptions _options;
    private readonly PriorityQueue<QueuedMessage, long> _line = new();
    private readonly PriorityQueue<QueuedMessage, DateTimeOffset> _scheduled = new();
    private readonly LinkedList<Receiver> _receivers = [];
    private readonly MessageLocks _locks;
    private readonly RecentIds _recent;
    private readonly DeadLetterShelf _dead;
    private readonly WakeUp _wakeUp;
    private DateTimeOffset _forgotten;

    /// <remarks>Times of messages are by <paramref name="clock"/>; <paramref name="time"/> only makes the timer.</remarks>
    public NamedQueue(string name, WriteLog log, SequenceNumbers numbers, TimeProvider time, SteadyClock clock, QueueOptions options)
    {
        (_name, _log, _numbers, _clock, _options) = (name, log, numbers, clock, options);
        _locks = new(options.LockDuration);
        _recent = new(options.DuplicateWindow);
        _dead = new(options, clock.Now);
        _wakeUp = new(time, clock, Due);
        _forgotten = clock.Now;
    }

    /// <summary>Gives the message its sequence number; null for a duplicate. Nobody can receive it before <see cref="Publish"/>.</summary>
    public QueuedMessage? Stage(OutgoingMessage message)
    {
        lock (_gate)
        {
            var now = _clock.Now;
            if (!_recent.TryAdd(message.MessageId, now))
                return null;
            var due = message.ScheduledFor is { } wall ? _clock.Of(wall) : (DateTimeOffset?)null;
            return QueuedMessage.Of(message, _numbers.Next(), now, due);
        }
    }

    /// <summary>Takes dead letters off the shelf and makes new messages of them. One that is no longer there is left out. Nobody can receive them before <see cref="Publish"/>.</summary>
    public IReadOnlyList<(long Letter, QueuedMessage Message)> Restage(IReadOnlyList<QueueDeadLetter> letters)
    {
        lock (_gate)
        {
            var taken = _dead.Take(letters.Select(letter => letter.SequenceNumber).ToHashSet());
            var staged = new List<(long, QueuedMessage)>(taken.Count);
            foreach (var letter in letters.Where(letter => taken.Contains(letter.SequenceNumber)))
            {
                var now = _clock.Now;
                var message = new OutgoingMessage(_name, ResentId.Of(letter.MessageId, letter.SequenceNumber), letter.Body);
                _recent.TryAdd(message.MessageId, now);
                staged.Add((letter.SequenceNumber, QueuedMessage.Of(message, _numbers.Next(), now, scheduledFor: null)));
            }

            return staged;
        }
    }

    /// <summary>Makes a message available. The log must have it.</summary>
    public void Publish(QueuedMessage message)
    {
        lock (_gate)
        {
            if (message.ScheduledFor is { } due && due > _clock.Now)
                _scheduled.Enqueue(message, due);
            else
                _line.Enqueue(message, message.Place);
            Serve();
        }
    }

    /// <summary>Takes over a message of an earlier process; call in delivery order. A delivery that process didn't finish counts.</summary>
    public void Restore(QueuedMessage message)
    {
        lock (_gate)
        {
            message.Place = _numbers.Next();
            message.IsRestored = true;
            if (message.DeliveryCount >= _options.MaxDeliveryCount)
                MoveToDeadLetters(message, TooManyDeliveries, null);
            else
                Publish(message);
        }
    }

    public void Restore(string recentId, DateTimeOffset at) => _recent.TryAdd(recentId, at);

    /// <summary>Takes over a dead letter; call oldest first and before messages are restored.</summary>
    public void Restore(long deadLetter, DateTimeOffset at)
    {
        lock (_gate)
        {
            _dead.Add(deadLetter, at);
            DropOldLetters(_clock.Now);
            Arm();
        }
    }

    public bool TryReceive(out ReceivedMessage? message)
    {
        lock (_gate)
        {
            message = _line.Count > 0 ? HandOut() : null;
            Arm();
            return message is not null;
        }
    }

    public ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<ReceivedMessage>(cancellationToken);
        lock (_gate)
        {
            if (TryReceive(out var message))
                return new(message!);
            var receiver = new Receiver(this);
            _receivers.AddLast(receiver);
            receiver.Leaving = cancellationToken.UnsafeRegister(static (one, token) => ((Receiver)one!).Leave(token), receiver);
            return new(receiver.Given.Task);
        }
    }

    /// <returns>False if the lock has ended; so for <see cref="Abandon"/> and <see cref="DeadLetter"/>.</returns>
    public bool Complete(Guid lockToken) => Release(lockToken, static (queue, message, now) => queue.Remove(message, now));

    public bool Abandon(Guid lockToken) => Release(lockToken, static (queue, message, _) => queue.PutBack(message));

    public bool DeadLetter(Guid lockToken, string reason, string? description) =>
        Release(lockToken, (queue, message, _) => queue.MoveToDeadLetters(message, reason, description));

    public DateTimeOffset? Renew(Guid lockToken)
    {
        lock (_gate)
            return _locks.Renew(lockToken, _clock.Now);
    }

    public QueueDepth Depth()
    {
        lock (_gate)
        {
            var now = _clock.Now;
            var oldest = _locks.Messages.Select(message => message.ActiveSince).Append(_line.TryPeek(out var first, out _) ? first.ActiveSince : now).Min();
            return new(_line.Count + _locks.Count, _scheduled.Count, _dead.Count, now > oldest ? now - oldest : TimeSpan.Zero);
        }
    }

    public ValueTask DisposeAsync() => _wakeUp.DisposeAsync();

    private bool Release(Guid lockToken, Action<NamedQueue, QueuedMessage, DateTimeOffset> then)
    {
        lock (_gate)
        {
            var now = _clock.Now;
            if (!_locks.TryRelease(lockToken, now, out var message))
                return false;
            then(this, message, now);
            Serve();
            return true;
        }
    }

    private void Remove(QueuedMessage message, DateTimeOffset now)
    {
        message.IsCompleted = true;
        var isNeeded = message.EnqueuedAt + _options.DuplicateWindow > now;
        _log.AppendLazily(new Completed(message.Sequence, isNeeded ? new(message.Queue, message.MessageId, message.EnqueuedAt) : null));
        ForgetOldIds(now);
    }

    private void PutBack(QueuedMessage message)
    {
        if (message.DeliveryCount >= _options.MaxDeliveryCount)
            MoveToDeadLetters(message, TooManyDeliveries, $"Delivered {message.DeliveryCount} times without being completed.");
        else
            _line.Enqueue(message, message.Place);
    }

    private void ForgetOldIds(DateTimeOffset now)
    {
        if (now - _forgotten < _options.DuplicateWindow)
            return;
        _forgotten = now;
        _log.AppendLazily(new Forgotten(now - _options.DuplicateWindow));
    }

    private void MoveToDeadLetters(QueuedMessage message, string reason, string? description)
    {
        var now = _clock.Now;
        _log.AppendLazily(new DeadLettered(message.Sequence, new(now, reason, description)));
        _dead.Add(message.Sequence, now);
        DropOldLetters(now);
    }

    private void DropOldLetters(DateTimeOffset now)
    {
        if (_dead.TakeOld(now) is { } old)
            _log.AppendLazily(new Dropped(old));
    }

    private void Due()
    {
        try
        {
            lock (_gate)
            {
                _wakeUp.Rang();
                var now = _clock.Now;
                PromoteScheduled(now);
                while (_locks.TakeBack(now) is { } message)
                    PutBack(message);
                DropOldLetters(now);
                Serve();
            }
        }
        catch (StoreUnavailableException)
        {
            // The log has failed or is closed: the process is ending.
        }
    }

    private void PromoteScheduled(DateTimeOffset now)
    {
        while (_scheduled.TryPeek(out var message, out var due) && due <= now)
        {
            _scheduled.Dequeue();
            message.Place = _numbers.Next();
            _line.Enqueue(message, message.Place);
        }
    }

    private void Serve()
    {
        while (_line.Count > 0 && _receivers.First?.Value is { } receiver)
        {
            // First, because the log may refuse: then the receiver stays and can still be cancelled.
            var message = HandOut();
            _receivers.RemoveFirst();
            receiver.Leaving.Unregister();
            receiver.Given.SetResult(message);
        }

        Arm();
    }

    private ReceivedMessage HandOut()
    {
        var message = _line.Peek();
        _log.AppendLazily(new Delivered(message.Sequence, message.DeliveryCount + 1, message));
        _line.Dequeue();
        message.DeliveryCount++;
        var token = LockToken(message);
        var until = _locks.Take(token, message, _clock.Now);
        return new(
            message.Queue, message.MessageId, message.Sequence, message.Body, message.TraceParent,
            message.ActiveSince, message.ScheduledFor, message.DeliveryCount, token, until)
        {
            IsRestored = message.IsRestored,
        };
    }

    /// <summary>Unique within the process: no message is delivered twice with the same count.</summary>
    private static Guid LockToken(QueuedMessage message)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, message.Sequence);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], message.DeliveryCount);
        return new(bytes, bigEndian: true);
    }

    private void Arm()
    {
        var next = _scheduled.TryPeek(out _, out var due) ? due : DateTimeOffset.MaxValue;
        if (_locks.NextEnd is { } end && end < next)
            next = end;
        if (_dead.NextEnd is { } kept && kept < next)
            next = kept;
        if (next < DateTimeOffset.MaxValue)
            _wakeUp.At(next);
    }

    /// <summary>A caller that waits for a message.</summary>
    private sealed class Receiver(NamedQueue queue)
    {
        public TaskCompletionSource<ReceivedMessage> Given { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationTokenRegistration Leaving { get; set; }

        public void Leave(CancellationToken cancellationToken)
        {
            lock (queue._gate)
            {
                if (!queue._receivers.Remove(this))
                    return;
            }

            Given.SetCanceled(cancellationToken);
        }
    }
}
