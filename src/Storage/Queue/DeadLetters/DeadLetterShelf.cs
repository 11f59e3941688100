namespace Headgate.Storage.Queue.DeadLetters;

/// <summary>A queue's dead letters, oldest first: at most <see cref="QueueOptions.MaxDeadLetters"/>, each for <see cref="QueueOptions.DeadLetterRetention"/>. Guarded by its queue.</summary>
/// <param name="options">The bounds.</param>
/// <param name="began">When the process started.</param>
internal sealed class DeadLetterShelf(QueueOptions options, DateTimeOffset began)
{
    /// <summary>For this long after the start no dead letter expires: the clock may be wrong until somebody sets it, and a removal is final.</summary>
    public static readonly TimeSpan DoubtAtStart = TimeSpan.FromHours(1);

    private readonly Queue<(long Sequence, DateTimeOffset At)> _letters = [];

    public int Count => _letters.Count;

    /// <summary>When the oldest expires; null if there is none.</summary>
    public DateTimeOffset? NextEnd => _letters.TryPeek(out var oldest) ? Later(oldest.At + options.DeadLetterRetention, began + DoubtAtStart) : null;

    public void Add(long sequence, DateTimeOffset at) => _letters.Enqueue((sequence, at));

    /// <summary>Removes those that are asked for.</summary>
    /// <returns>The sequence numbers of those that were there.</returns>
    public HashSet<long> Take(IReadOnlySet<long> sequences)
    {
        var taken = new HashSet<long>();
        for (var left = _letters.Count; left > 0; left--)
        {
            var letter = _letters.Dequeue();
            if (sequences.Contains(letter.Sequence))
                taken.Add(letter.Sequence);
            else
                _letters.Enqueue(letter);
        }

        return taken;
    }

    /// <summary>Removes what is beyond the bounds.</summary>
    /// <returns>The sequence numbers removed; null if none.</returns>
    public List<long>? TakeOld(DateTimeOffset now)
    {
        List<long>? old = null;
        while (_letters.Count > options.MaxDeadLetters || NextEnd <= now)
            (old ??= []).Add(_letters.Dequeue().Sequence);
        return old;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
