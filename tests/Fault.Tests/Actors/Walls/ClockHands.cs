using Headgate.TestKit;

namespace Headgate.Fault.Tests.Actors.Walls;

/// <summary>
/// Sets a clock on the wall back and forth: by seconds, an hour, a day, and over the end of a month, that of February in a leap year among them.
/// Never further from that end than agreed, so that two months are met and no more. What timers count by goes on meanwhile.
/// </summary>
internal sealed class ClockHands
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);
    private readonly WallClock _clock;
    private readonly Chance _chance;
    private readonly TimeSpan _furthest;
    private readonly DateTimeOffset _end;
    private readonly List<DateTimeOffset> _visited = [];

    /// <summary>The clock begins somewhere near the end of a month.</summary>
    public ClockHands(WallClock clock, TimeSpan furthest, Chance chance)
    {
        (_clock, _furthest, _chance) = (clock, furthest, chance);
        _end = chance.Of(At(2030, 2, 1), At(2028, 3, 1), At(2028, 2, 29), At(2029, 3, 1), At(2030, 1, 1), At(2030, 5, 1));
        SetTo(_end + chance.Of(-s_day, -s_hour, TimeSpan.FromMinutes(-2), s_hour));
    }

    public DateTimeOffset Now => _clock.GetUtcNow();

    /// <summary>How often it was set.</summary>
    public int Sets { get; private set; }

    /// <summary>How often it was set back.</summary>
    public int SetsBack { get; private set; }

    /// <summary>Which of the times it has shown is the latest that was noted.</summary>
    public int Visit => _visited.Count - 1;

    /// <summary>The furthest it has shown since that visit.</summary>
    public DateTimeOffset HighestSince(int visit) => _visited.Skip(visit).Max();

    /// <summary>Time has passed.</summary>
    public void Visited() => _visited.Add(Now);

    public DateTimeOffset Set()
    {
        var by = TimeSpan.FromSeconds(_chance.Of(-600, -90, -20, -3, 3, 20, 90, 600));
        var to = _chance.Between(1, 4) switch
        {
            1 => Now + by,
            2 => Now + _chance.Of(-s_hour, s_hour),
            3 => Now + _chance.Of(-s_day, s_day),
            _ => _end + _chance.Of(-s_day, -s_hour, TimeSpan.FromSeconds(-1), TimeSpan.Zero, TimeSpan.FromSeconds(1), s_hour, s_day),
        };
        SetTo((to - _end).Duration() > _furthest ? _end : to);
        return Now;
    }

    public void SetTo(DateTimeOffset wall)
    {
        Sets++;
        SetsBack += wall < Now ? 1 : 0;
        _clock.Offset = wall - _clock.Ticking.GetUtcNow();
        Visited();
    }

    private static DateTimeOffset At(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);
}
