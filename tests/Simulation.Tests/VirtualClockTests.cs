using Headgate.Simulation.Clockwork;

namespace Headgate.Simulation.Tests;

public sealed class VirtualClockTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly VirtualClock _clock = new(Start);
    private readonly List<string> _rung = [];

    [Fact]
    public void Step_TimersOfOneTime_RingInTheOrderOfTheirSetting()
    {
        using var later = Timer("later", 2);
        using var first = Timer("first", 1);
        using var second = Timer("second", 1);

        Assert.True(_clock.Step());

        Assert.Equal(["first", "second"], _rung);
        Assert.Equal(Start.AddSeconds(1), _clock.GetUtcNow());
    }

    [Fact]
    public void Step_TimerChangedMeanwhile_RingsAtItsNewTimeOnly()
    {
        using var moved = Timer("moved", 1);
        using var other = Timer("other", 2);
        moved.Change(TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);

        _clock.Step();
        _clock.Step();

        Assert.Equal(["other", "moved"], _rung);
        Assert.False(_clock.Step());
    }

    [Fact]
    public void Step_Period_RingsAgainUntilDisposed()
    {
        var timer = _clock.CreateTimer(_ => _rung.Add("tick"), null, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        _clock.Step();
        _clock.Step();
        timer.Dispose();

        Assert.False(_clock.Step());
        Assert.Equal(2, _rung.Count);
        Assert.Equal(Start.AddMinutes(1), _clock.GetUtcNow());
    }

    private ITimer Timer(string name, int seconds) =>
        _clock.CreateTimer(_ => _rung.Add(name), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
}
