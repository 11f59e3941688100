using Headgate.Storage.Log;

namespace Headgate.Storage.Queue;

/// <summary>One timer for many due times. Guarded by its queue; the callback runs outside that lock.</summary>
internal sealed class WakeUp : IAsyncDisposable
{
    /// <summary>Below the longest delay a timer takes, about 49 days.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    private readonly SteadyClock _clock;
    private readonly ITimer _timer;
    private DateTimeOffset _set = DateTimeOffset.MaxValue;

    public WakeUp(TimeProvider time, SteadyClock clock, Action due)
    {
        _clock = clock;
        _timer = time.CreateTimer(_ => due(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// Ensures a call at <paramref name="due"/>, the earliest of all due times, or before. A call that comes early finds nothing to do and
    /// asks again.
    /// </summary>
    public void At(DateTimeOffset due)
    {
        var now = _clock.Now;
        if (_set <= due && _set > now)
            return;
        var delay = due > now ? due - now : TimeSpan.Zero;
        if (delay > LongestSleep)
            delay = LongestSleep;
        _set = now + delay;
        // Timers round down to whole milliseconds, and the call would come too early.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(delay.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    /// <summary>The callback must call this first.</summary>
    public void Rang() => _set = DateTimeOffset.MaxValue;

    /// <summary>Waits for a running callback.</summary>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();
}
