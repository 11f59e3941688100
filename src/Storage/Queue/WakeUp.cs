using Headgate.Storage.Log;

namespace Headgate.Storage.Queue;

/// <summary>One timer for many due times, by the queue's clock. Guarded by its queue, but for the call it makes.</summary>
internal sealed class WakeUp : IAsyncDisposable
{
    /// <summary>No timer is asked for more, which is less than it can count.</summary>
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
    /// Makes sure of a call soon after <paramref name="due"/>, the earliest of all due times. A call planned for earlier stays: it finds
    /// nothing to do and asks again.
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
        // Timers count whole milliseconds: rounded down, the call would come before its time.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(delay.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    /// <summary>To be said first by what was called: no call is planned any more.</summary>
    public void Rang() => _set = DateTimeOffset.MaxValue;

    /// <summary>Ends when a call that is under way has ended.</summary>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();
}
