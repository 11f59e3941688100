using System.Collections.Concurrent;
using System.Runtime.InteropServices;
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
    /// <summary>What is past its end by so much was ended by another process, which tells nobody.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    private const int FewNotes = 10_000;

    /// <summary>Of more than this all are given up: where a note is missing, the time of the row counts.</summary>
    private const int MostNotes = 100_000;

    private readonly ConcurrentDictionary<string, (DateTimeOffset Stored, long At, long Until)> _known = new(StringComparer.Ordinal);
    private int _untilClean = FewNotes;

    /// <summary>Whether time alone will change something about a task.</summary>
    public static bool IsTimed(TaskState state) => Of(state) is not null;

    /// <summary>Of how many tasks something is known.</summary>
    public int Count => _known.Count;

    /// <summary>Both clocks at one instant.</summary>
    public ClockReading Read() => new(clock.GetUtcNow(), clock.GetTimestamp());

    /// <summary>The task's row has been written.</summary>
    /// <param name="task">As it was written.</param>
    /// <param name="decided">When its time was decided: the clock may have been set while it was written.</param>
    public void Note(TaskRecord task, ClockReading decided)
    {
        if (Of(task.State) is not { } stored)
        {
            _known.TryRemove(task.TaskId, out _);
            return;
        }

        var at = decided.Timestamp + Ticks(stored - decided.Wall);
        var lasts = task.State.Status == TaskStatus.Backoff ? TimeSpan.Zero : TimeSpan.FromSeconds(task.State.TimeoutSeconds);
        _known[task.TaskId] = (stored, at, at + Ticks(lasts + Grace));
        if (Interlocked.Decrement(ref _untilClean) == 0)
            Clean();
    }

    /// <summary>The task's state, its time as the clock on the wall would have it.</summary>
    /// <param name="task">As it was read.</param>
    /// <param name="now">What that clock shows where the state is judged.</param>
    public TaskState OnTheWall(TaskRecord task, DateTimeOffset now)
    {
        if (Of(task.State) is not { } stored || !_known.TryGetValue(task.TaskId, out var known) || known.Stored != stored)
            return task.State;
        var at = clock.GetTimestamp();
        var since = known.At <= at ? clock.GetElapsedTime(known.At, at) : -clock.GetElapsedTime(at, known.At);
        var time = now - since;
        return task.State.Status == TaskStatus.Backoff ? task.State with { NextRetryAt = time } : task.State with { AssignedAt = time };
    }

    private static DateTimeOffset? Of(TaskState state) => state.Status == TaskStatus.Backoff ? state.NextRetryAt : state.Status.IsHeld() ? state.AssignedAt : null;

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * clock.TimestampFrequency);

    private void Clean()
    {
        var now = clock.GetTimestamp();
        foreach (var known in _known)
        {
            if (known.Value.Until < now)
                _known.TryRemove(known);
        }

        if (_known.Count > MostNotes)
            _known.Clear();
        Volatile.Write(ref _untilClean, Math.Max(FewNotes, _known.Count));
    }
}

/// <summary>What the clock on the wall and the one that nobody sets showed at one instant.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ClockReading(DateTimeOffset Wall, long Timestamp);
