using Headgate.Storage.Log;

namespace Headgate.Engine;

/// <summary>When which instance must be woken, by the engine's clock: one entry an instance, one timer for all. Guarded by the engine's gate.</summary>
internal sealed class DueTimers : IDisposable
{
    /// <summary>No timer is asked for more, which is less than it can count.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    private readonly SortedSet<(long Due, string Id)> _entries = new(ByDue.Instance);
    private readonly SteadyClock _clock;
    private readonly ITimer _timer;
    private long _armed = long.MaxValue;

    /// <param name="time">Makes the timer.</param>
    /// <param name="clock">The engine's.</param>
    /// <param name="due">Called, without the gate, when an entry may have come due.</param>
    public DueTimers(TimeProvider time, SteadyClock clock, Action due)
    {
        _clock = clock;
        _timer = time.CreateTimer(_ => due(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Moves an instance's entry; null is none.</summary>
    public void Move(string id, long? from, long? to)
    {
        if (from == to)
            return;
        if (from is { } old)
            _entries.Remove((old, id));
        if (to is { } due && _entries.Add((due, id)) && due < _armed)
            Arm();
    }

    /// <summary>Takes out what has come due and sets the timer for the rest.</summary>
    public List<(long Due, string Id)> TakeDue()
    {
        var now = _clock.Now.UtcTicks;
        var due = _entries.TakeWhile(entry => entry.Due <= now).ToList();
        _entries.ExceptWith(due);
        Arm();
        return due;
    }

    public void Dispose() => _timer.Dispose();

    private void Arm()
    {
        if (_entries.Count == 0)
        {
            _armed = long.MaxValue;
            return;
        }

        _armed = _entries.Min.Due;
        long now;
        do
        {
            now = _clock.Now.UtcTicks;
            var delay = TimeSpan.FromTicks(Math.Max(0, _armed - now));
            // Timers count whole milliseconds and round down; one more keeps the timer from ringing just before.
            var whole = TimeSpan.FromMilliseconds(Math.Ceiling(delay.TotalMilliseconds));
            _timer.Change(whole < LongestSleep ? whole : LongestSleep, Timeout.InfiniteTimeSpan);
        }
        // A delay counts from when the timer gets it: a clock that went on meanwhile would make it ring late by as much.
        while (_clock.Now.UtcTicks - now > TimeSpan.TicksPerMillisecond);
    }

    private sealed class ByDue : IComparer<(long Due, string Id)>
    {
        public static readonly ByDue Instance = new();

        public int Compare((long Due, string Id) x, (long Due, string Id) y)
        {
            var byDue = x.Due.CompareTo(y.Due);
            return byDue != 0 ? byDue : string.CompareOrdinal(x.Id, y.Id);
        }
    }
}
