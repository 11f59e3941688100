using Headgate.Core.Clocks;
using Headgate.Ports;

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

    /// <summary><see cref="Learn"/>, where this process has not yet.</summary>
    public async ValueTask LearnAsync(ITableStore tables)
    {
        if (!Volatile.Read(ref _hasLearned))
            Learn(await tables.GetAsync(Table.Tenants, RowKeys.Service, RowKeys.LastRetention));
    }

    /// <summary>What an earlier process has noted: the earlier time counts. What is noted later this process knows better.</summary>
    /// <param name="mark">Of the last pass of retention; null where there was none.</param>
    public void Learn(TableRow? mark)
    {
        lock (_lock)
        {
            if (_hasLearned)
                return;
            Volatile.Write(ref _hasLearned, true);
            if (mark is not null && Read(mark.Columns)?.Resumed(Now.Wall) is { } resumed && resumed.Time < _believed.Time)
                _believed = resumed;
        }
    }

    // The first versions noted the wall's time alone.
    private static BelievedTime? Read(Columns mark) => mark.Time("at") is { } wall
        ? new(wall, mark.Time("believed") ?? wall, TimeSpan.FromSeconds(mark.Int("stoodSeconds") ?? 0))
        : null;
}
