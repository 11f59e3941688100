using System.Collections.Concurrent;
using Headgate.Core.Runs;
using Headgate.Functions.Stores.Runs;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Tasks;

/// <summary>
/// When the attempts began and the backoffs end that this process has written, on a clock that nobody sets: where the one on the wall was
/// set since, the times in the rows are wrong by as much. Of other processes' tasks it knows nothing. Safe for concurrent use.
/// </summary>
public sealed class TaskTimes(TimeProvider clock)
{
    /// <summary>An attempt lasts a day at most, and so does a backoff: what is older was ended by another process.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(2);

    private const int FewNotes = 10_000;

    private readonly ConcurrentDictionary<string, (DateTimeOffset Stored, long At)> _known = new(StringComparer.Ordinal);
    private int _untilClean = FewNotes;

    /// <summary>Whether time alone will change something about a task.</summary>
    public static bool IsTimed(TaskState state) => Of(state) is not null;

    /// <summary>The task's row has been written.</summary>
    public void Note(TaskRecord task)
    {
        if (Of(task.State) is not { } stored)
        {
            _known.TryRemove(task.TaskId, out _);
            return;
        }

        _known[task.TaskId] = (stored, Timestamp(stored - clock.GetUtcNow()));
        if (Interlocked.Decrement(ref _untilClean) == 0)
            Clean();
    }

    /// <summary>The task's state, its time as the clock on the wall would have it now.</summary>
    public TaskState OnTheWall(TaskRecord task)
    {
        if (Of(task.State) is not { } stored || !_known.TryGetValue(task.TaskId, out var known) || known.Stored != stored)
            return task.State;
        var now = clock.GetTimestamp();
        var since = known.At <= now ? clock.GetElapsedTime(known.At, now) : -clock.GetElapsedTime(now, known.At);
        var time = clock.GetUtcNow() - since;
        return task.State.Status == TaskStatus.Backoff ? task.State with { NextRetryAt = time } : task.State with { AssignedAt = time };
    }

    private static DateTimeOffset? Of(TaskState state) => state.Status == TaskStatus.Backoff ? state.NextRetryAt : state.Status.IsHeld() ? state.AssignedAt : null;

    private long Timestamp(TimeSpan fromNow) => clock.GetTimestamp() + (long)(fromNow.TotalSeconds * clock.TimestampFrequency);

    private void Clean()
    {
        var oldest = Timestamp(-Longest);
        foreach (var old in _known.Where(known => known.Value.At < oldest))
            _known.TryRemove(old);
        Volatile.Write(ref _untilClean, Math.Max(FewNotes, _known.Count));
    }
}
