using Headgate.Core.Failures;
using Headgate.Core.Runs;

namespace Headgate.Core.Agents;

/// <summary>An agent's results with tasks of one type.</summary>
/// <param name="Failures">How many of its latest attempts in a row failed for a reason that may be its machine's.</param>
/// <param name="FailingSince">When the first of those was settled; null if there is none.</param>
/// <param name="LastSuccessAt">When it last completed one.</param>
/// <param name="UsualSeconds">Smoothed duration of an attempt, with a weight of 0.2 for the newest; null before the first.</param>
public sealed record TrackRecord(int Failures = 0, DateTimeOffset? FailingSince = null, DateTimeOffset? LastSuccessAt = null, double? UsualSeconds = null)
{
    public static readonly TrackRecord None = new();

    private const double NewestWeight = 0.2;

    /// <summary>Whether the agent's machine may be the reason: its disk, memory or programs.</summary>
    public static bool IsBlamed(FailureClass failure) => failure is FailureClass.Resource or FailureClass.Unknown;

    /// <summary>Whether the outcome says something about the agent. One that was cancelled, released or lost does not.</summary>
    public static bool Counts(AttemptOutcome outcome) =>
        outcome is AttemptOutcome.Succeeded or AttemptOutcome.FailedWith { Class: not (FailureClass.Cancelled or FailureClass.LostAgent) };

    /// <param name="outcome">One for which <see cref="Counts"/> is true.</param>
    /// <param name="seconds">The attempt's duration; null if unknown.</param>
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

    /// <summary>The record after somebody released the agent.</summary>
    public TrackRecord Forgiven() => this with { Failures = 0, FailingSince = null };
}
