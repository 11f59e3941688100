using Headgate.Functions.Options;
using Headgate.Functions.Tasks.Desk;
using Headgate.TestKit;
using Xunit;

namespace Headgate.Functions.Tests.Tasks.Desk;

/// <summary>A lease is a stretch of time: setting the clock on the wall neither ends nor prolongs it.</summary>
public sealed class AgentDeskPresenceTests
{
    private static readonly DateTimeOffset Since = new(2029, 12, 31, 0, 0, 0, TimeSpan.Zero);
    private readonly WallClock _clock = new();
    private readonly AgentDesk _desk;

    public AgentDeskPresenceTests() => _desk = new AgentDesk(new HeadgateOptions(), _clock);

    [Theory]
    [InlineData(-60)]
    [InlineData(60)]
    public void LeaseFrom_ClockSetSinceTheAgentWasHeardOf_CountsTheTimeThatPassed(int minutes)
    {
        _desk.Seen("agt");
        _clock.Ticking.Advance(TimeSpan.FromSeconds(20));

        _clock.Offset = TimeSpan.FromMinutes(minutes);
        _clock.Ticking.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(TimeSpan.FromSeconds(40), _clock.GetUtcNow() - _desk.LeaseFrom("agt", null, DateTimeOffset.MinValue));
    }

    [Fact]
    public void LeaseFrom_AgentNotHeardOf_CountsSinceThereIsAServiceToReportTo() =>
        Assert.Equal(Since, _desk.LeaseFrom("agt", null, Since));

    [Fact]
    public void LeaseFrom_StoredBeforeTheClockWasSetBack_IsNotBelieved()
    {
        var stored = _clock.GetUtcNow();
        _clock.Offset = TimeSpan.FromMinutes(-60);

        Assert.Equal(DateTimeOffset.MinValue, _desk.LeaseFrom("agt", stored, DateTimeOffset.MinValue));
        Assert.Null(_desk.LastSeen("agt", stored));
    }

    [Fact]
    public void LeaseFrom_StoredByAProcessWhoseClockIsALittleAhead_Counts()
    {
        _clock.Ticking.Advance(TimeSpan.FromMinutes(5));
        var stored = _clock.GetUtcNow() + TimeSpan.FromSeconds(2);

        Assert.Equal(stored, _desk.LeaseFrom("agt", stored, Since));
    }
}
