namespace Headgate.Storage.Queue.DeadLetters;

/// <summary>Which dead letters a queue has, oldest first: at most <see cref="QueueOptions.MaxDeadLetters"/>, each for <see cref="QueueOptions.DeadLetterRetention"/>. Guarded by its queue.</summary>
/// <param name="options">The bounds.</param>
/// <param name="began">When the process did.</param>
internal sealed class DeadLetterShelf(QueueOptions options, DateTimeOffset began)
{
    /// <summary>So long a clock is not believed at the start of a process: one that comes up wrong is set right soon, and what is removed is removed.</summary>
    public static readonly TimeSpan DoubtAtStart = TimeSpan.FromHours(1);

    private readonly Queue<(long Sequence, DateTimeOffset At)> _letters = [];

    public int Count => _letters.Count;

    /// <summary>When the oldest has been kept long enough; null where there is none.</summary>
    public DateTimeOffset? NextEnd => _letters.TryPeek(out var oldest) ? Later(oldest.At + options.DeadLetterRetention, began + DoubtAtStart) : null;

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

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
