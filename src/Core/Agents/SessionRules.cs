namespace Headgate.Core.Agents;

/// <summary>How long the process that holds an agent may be silent before another one takes over.</summary>
/// <param name="Heartbeat">How often agents report; at most half a lease.</param>
/// <param name="Lease">How long agents may be silent before they lose their tasks.</param>
public sealed record SessionRules(TimeSpan Heartbeat, TimeSpan Lease)
{
    /// <summary>Refused heartbeats after which another session takes over: they span two intervals, or half a lease if that is longer.</summary>
    public int BeatsToTakeOver => 1 + Math.Max(2, (int)Math.Ceiling(Lease / Heartbeat / 2));

    /// <summary>Between two that count. Less than an interval, because requests take different times.</summary>
    public TimeSpan ShortestWait => Heartbeat * 0.75;
}
