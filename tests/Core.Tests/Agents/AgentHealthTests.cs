using Headgate.Core.Agents;

namespace Headgate.Core.Tests.Agents;

public sealed class AgentHealthTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "online")]
    [InlineData(-5, "online")]
    [InlineData(20, "online")]
    [InlineData(20.001, "late")]
    [InlineData(30, "late")]
    [InlineData(30.001, "offline")]
    public void Of_Silence_AsDocumented(double seconds, string expected) =>
        Assert.Equal(expected, AgentHealth.Of(Now.AddSeconds(-seconds), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), Now).WireName());

    [Fact]
    public void Of_NeverSeen_IsOffline() =>
        Assert.Equal(AgentStatus.Offline, AgentHealth.Of(null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), Now));

    [Theory]
    [InlineData(AgentStatus.Online, false, false, "online", "active")]
    [InlineData(AgentStatus.Late, false, false, "late", "active")]
    [InlineData(AgentStatus.Offline, false, false, "offline", "active")]
    [InlineData(AgentStatus.Offline, true, false, "draining", "draining")]
    [InlineData(AgentStatus.Online, false, true, "quarantined", "quarantined")]
    [InlineData(AgentStatus.Late, true, true, "quarantined", "quarantined")]
    public void StateOf_StandingAndSilence_IsOneOfBoth(AgentStatus status, bool drains, bool isQuarantined, string state, string standing)
    {
        var both = new AgentStanding(drains ? Now : null, isQuarantined ? new Quarantine(Now, "r", "key:a") : null);

        Assert.Equal((state, standing), (AgentHealth.StateOf(both, status).WireName(), both.WireName));
        Assert.Equal(standing == "active", both.TakesWork);
    }
}
