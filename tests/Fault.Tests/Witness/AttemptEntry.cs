namespace Headgate.Fault.Tests.Witness;

/// <summary>What is known of one attempt. Guarded by its book.</summary>
internal sealed class AttemptEntry
{
    /// <summary>The agent it was handed to.</summary>
    public string? Holder { get; set; }

    /// <summary>The holder is inferred from an answer: the one that handed it out was lost.</summary>
    public bool IsAssumed { get; set; }

    /// <summary>Statuses and outputs, as JSON, that its holder sent.</summary>
    public List<(string Status, string Output)> Sent { get; } = [];

    /// <summary>What its holder was told; null until then.</summary>
    public string? Outcome { get; private set; }

    public DateTimeOffset? NextRetryAt { get; private set; }

    /// <summary>How much of what was sent can have decided the outcome: what came later changes nothing.</summary>
    public int SentInTime { get; private set; }

    private bool IsStale { get; set; }

    public void Refuse(Sightings sightings, string said)
    {
        sightings.Holds(Outcome is null or "retry", () => $"{said}, after {Outcome}");
        IsStale = true;
    }

    public void Settle(Sightings sightings, string outcome, DateTimeOffset? nextRetryAt, string said)
    {
        if (Outcome is not null)
        {
            sightings.Holds(Outcome == outcome && NextRetryAt == nextRetryAt, () => $"{said}, after {Outcome} {NextRetryAt:O}");
            return;
        }

        sightings.Holds(!IsStale, () => $"{said}, after it had been stale");
        sightings.Holds(Sent.Exists(sent => Fits(sent.Status, outcome)), () => $"{said}, though its holder sent {string.Join(", ", Sent.Select(sent => sent.Status))}");
        (Outcome, NextRetryAt, SentInTime) = (outcome, nextRetryAt, Sent.Count);
    }

    private static bool Fits(string status, string outcome) => status switch
    {
        "success" => outcome == "completed",
        "cancelled" => outcome == "cancelled",
        "released" => outcome is "retry" or "exhausted",
        _ => outcome is "retry" or "failed" or "exhausted",
    };
}
