namespace Headgate.Core.Metering;

/// <summary>What a tenant used in some time. Two of them add up in any order, but for the peak, of which the higher one counts.</summary>
/// <param name="Accepted">Runs that took a slot.</param>
/// <param name="Completed">Of the runs that gave theirs back.</param>
/// <param name="Failed">Likewise.</param>
/// <param name="Cancelled">Likewise.</param>
/// <param name="Attempts">Of the runs that gave their slot back: hand-outs, but for those that came back unused.</param>
/// <param name="AgentMilliseconds">Of those runs: how long agents held their attempts.</param>
/// <param name="PeakInFlight">The most slots taken at one instant.</param>
/// <param name="ShadowRefusals">Runs accepted that a shadow limit would have refused.</param>
public sealed record UsageCounts(
    long Accepted = 0,
    long Completed = 0,
    long Failed = 0,
    long Cancelled = 0,
    long Attempts = 0,
    long AgentMilliseconds = 0,
    int PeakInFlight = 0,
    long ShadowRefusals = 0)
{
    public static UsageCounts None { get; } = new();

    public static UsageCounts operator +(UsageCounts left, UsageCounts right) => new(
        left.Accepted + right.Accepted,
        left.Completed + right.Completed,
        left.Failed + right.Failed,
        left.Cancelled + right.Cancelled,
        left.Attempts + right.Attempts,
        left.AgentMilliseconds + right.AgentMilliseconds,
        Math.Max(left.PeakInFlight, right.PeakInFlight),
        left.ShadowRefusals + right.ShadowRefusals);
}
