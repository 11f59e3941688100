using Headgate.Storage.Log;

namespace Headgate.Engine;

/// <summary>When each instance must be woken, by the engine's clock: one entry an instance, one timer for all. Guarded by the engine's gate.</summary>
internal sealed class DueTimers : IDisposable
{
    /// <summary>Below the longest delay a timer takes, about 49 days.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    private readonly SortedSet<(long Due, string Id)> _entries = new(ByDue.Instance);
    private readonly SteadyClock _clock;
    private readonly ITimer _timer;
    private long _armed = long.MaxValue;

    /// <param name="time">Makes the timer.</param>
    /// <param name="clock">The engine's.</param>
    /// <param name="due">Called outside the gate when an entry may be due.</param>
    public DueTimers(TimeProvider time, SteadyClock clock, Action due)
    {
        _clock = clock;
        _timer = time.CreateTimer(_ => due(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Moves an instance's entry; null means no entry.</summary>
    public void Move(string id, long? from, long? to)
    {
        if (from == to)
            return;
        if (from is { } old)
            _entries.Remove((old, id));
        if (to is { } due && _entries.Add((due, id)) && due < _armed)
            Arm();
    }

    /// <summary>Removes the due entries and sets the timer for the rest.</summary>
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
            // Timers round down to whole milliseconds, and would fire just too early.
            var whole = TimeSpan.FromMilliseconds(Math.Ceiling(delay.TotalMilliseconds));
            _timer.Change(whole < LongestSleep ? whole : LongestSleep, Timeout.InfiniteTimeSpan);
        }
        // A delay counts from when the timer gets it. If the clock advanced meanwhile, the timer would fire late.
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
