using System.Diagnostics.CodeAnalysis;

namespace Headgate.Storage.Queue;

/// <summary>
/// Messages handed out, each under a lock. All locks have the same duration, so they end in the order in which they were taken or
/// renewed. An entry of that order whose lock was released or renewed since is skipped. Guarded by its queue.
/// </summary>
internal sealed class MessageLocks(TimeSpan duration)
{
    private readonly Dictionary<Guid, (QueuedMessage Message, DateTimeOffset Until)> _held = [];
    private readonly Queue<(Guid Token, DateTimeOffset Until)> _ends = [];

    public int Count => _held.Count;

    public IEnumerable<QueuedMessage> Messages => _held.Values.Select(held => held.Message);

    /// <summary>When the next lock ends; null if none is held.</summary>
    public DateTimeOffset? NextEnd
    {
        get
        {
            DropPassed();
            return _ends.TryPeek(out var end) ? end.Until : null;
        }
    }

    public DateTimeOffset Take(Guid token, QueuedMessage message, DateTimeOffset now)
    {
        DropPassed();
        var until = now + duration;
        _held[token] = (message, until);
        _ends.Enqueue((token, until));
        return until;
    }

    /// <returns>The new end; null if the lock has ended.</returns>
    public DateTimeOffset? Renew(Guid token, DateTimeOffset now) =>
        _held.TryGetValue(token, out var held) && held.Until > now ? Take(token, held.Message, now) : null;

    /// <returns>False if the lock has ended.</returns>
    public bool TryRelease(Guid token, DateTimeOffset now, [NotNullWhen(true)] out QueuedMessage? message)
    {
        var found = _held.TryGetValue(token, out var held) && held.Until > now;
        message = found ? held.Message : null;
        return found && _held.Remove(token);
    }

    /// <summary>Takes back one message whose lock has ended; null if there is none.</summary>
    public QueuedMessage? TakeBack(DateTimeOffset now)
    {
        if (NextEnd is not { } end || end > now)
            return null;
        _held.Remove(_ends.Dequeue().Token, out var held);
        return held.Message;
    }

    private void DropPassed()
    {
        while (_ends.TryPeek(out var end) && !(_held.TryGetValue(end.Token, out var held) && held.Until == end.Until))
            _ends.Dequeue();
    }
}
