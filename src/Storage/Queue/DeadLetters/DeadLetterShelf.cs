namespace Headgate.Storage.Queue.DeadLetters;

/// <summary>Which dead letters a queue has, oldest first: at most <see cref="QueueOptions.MaxDeadLetters"/>, each for <see cref="QueueOptions.DeadLetterRetention"/>. Guarded by its queue.</summary>
internal sealed class DeadLetterShelf(QueueOptions options)
{
    private readonly Queue<(long Sequence, DateTimeOffset At)> _letters = [];

    public int Count => _letters.Count;

    /// <summary>When the oldest has been kept long enough; null where there is none.</summary>
    public DateTimeOffset? NextEnd => _letters.TryPeek(out var oldest) ? oldest.At + options.DeadLetterRetention : null;

    public void Add(long sequence, DateTimeOffset at) => _letters.Enqueue((sequence, at));

    /// <summary>Takes out what is beyond the bounds.</summary>
    /// <returns>Sequence numbers; null where nothing is.</returns>
    public List<long>? TakeOld(DateTimeOffset now)
    {
        List<long>? old = null;
        while (_letters.Count > options.MaxDeadLetters || NextEnd <= now)
            (old ??= []).Add(_letters.Dequeue().Sequence);
        return old;
    }
}
