namespace Headgate.Core.Agents;

/// <summary>How long the process that has an agent may be silent before another that asks for the agent follows it.</summary>
/// <param name="Heartbeat">How often agents report, at most half a lease.</param>
/// <param name="Lease">How long they may be silent before their tasks are taken from them.</param>
public sealed record SessionRules(TimeSpan Heartbeat, TimeSpan Lease)
{
    /// <summary>Heartbeats of others, a wait apart, without one of the holder between them: two intervals, or half a lease where that is longer.</summary>
    public int BeatsToFollow => 1 + Math.Max(2, (int)Math.Ceiling(Lease / Heartbeat / 2));

    /// <summary>Of two that count. Somewhat less than an interval: a request may be quicker than the one before.</summary>
    public TimeSpan ShortestWait => Heartbeat * 0.75;
}
