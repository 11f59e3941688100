using Headgate.Core.Clocks;

namespace Headgate.Functions.Stores;

/// <summary>What this process believes the time to be, of all that it has seen of the clock. Safe for concurrent use.</summary>
public sealed class BelievedClock(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private BelievedTime _believed = BelievedTime.Of(clock.GetUtcNow());
    private long _at = clock.GetTimestamp();
    private bool _hasLearned;

    /// <summary>The time by which what is old is removed.</summary>
    public BelievedTime Now
    {
        get
        {
            lock (_lock)
            {
                var now = clock.GetTimestamp();
                _believed = _believed.After(clock.GetElapsedTime(_at, now), clock.GetUtcNow());
                _at = now;
                return _believed;
            }
        }
    }

    /// <summary>What an earlier process has noted: the earlier time counts. What is noted later this process knows better.</summary>
    public void Learn(BelievedTime? noted)
    {
        lock (_lock)
        {
            if (_hasLearned)
                return;
            _hasLearned = true;
            if (noted?.Resumed(Now.Wall) is { } resumed && resumed.Time < _believed.Time)
                _believed = resumed;
        }
    }
}
