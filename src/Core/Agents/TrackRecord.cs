using Headgate.Core.Failures;
using Headgate.Core.Runs;

namespace Headgate.Core.Agents;

/// <summary>What an agent has made of its tasks of one type.</summary>
/// <param name="Failures">How many attempts in a row, the last one included, failed in a way that its machine may be to blame for.</param>
/// <param name="FailingSince">When the first of those was settled; null where there is none.</param>
/// <param name="LastSuccessAt">When it last completed one.</param>
/// <param name="UsualSeconds">How long an attempt takes: a mean in which each new one counts a fifth; null before the first.</param>
public sealed record TrackRecord(int Failures = 0, DateTimeOffset? FailingSince = null, DateTimeOffset? LastSuccessAt = null, double? UsualSeconds = null)
{
    public static readonly TrackRecord None = new();

    private const double NewestWeight = 0.2;

    /// <summary>Only its own disk, memory or programs make an agent fail where others succeed; whatever else broke says nothing of its machine.</summary>
    public static bool IsBlamed(FailureClass failure) => failure is FailureClass.Resource or FailureClass.Unknown;

    /// <summary>Whether an attempt that ended so says anything of the agent: one that was cancelled, given back or lost does not.</summary>
    public static bool Counts(AttemptOutcome outcome) =>
        outcome is AttemptOutcome.Succeeded or AttemptOutcome.FailedWith { Class: not (FailureClass.Cancelled or FailureClass.LostAgent) };

    /// <param name="outcome">One that <see cref="Counts"/>.</param>
    /// <param name="seconds">How long the attempt took; null where nobody said.</param>
    /// <param name="now">When it was settled.</param>
    public TrackRecord After(AttemptOutcome outcome, double? seconds, DateTimeOffset now)
    {
        var usual = seconds is null ? UsualSeconds : UsualSeconds + (seconds - UsualSeconds) * NewestWeight ?? seconds;
        return outcome switch
        {
            AttemptOutcome.FailedWith { Class: var failure } when IsBlamed(failure) =>
                this with { Failures = Failures + 1, FailingSince = FailingSince ?? now, UsualSeconds = usual },
            AttemptOutcome.FailedWith => this with { Failures = 0, FailingSince = null, UsualSeconds = usual },
            _ => new(0, null, now, usual),
        };
    }

    /// <summary>As it is once somebody has looked at the agent and let it go on.</summary>
    public TrackRecord Forgiven() => this with { Failures = 0, FailingSince = null };
}
