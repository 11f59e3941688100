namespace Headgate.Core.Agents;

/// <summary>An agent in quarantine gets no tasks until somebody releases it.</summary>
/// <param name="At">When it began.</param>
/// <param name="Reason">1..500 characters.</param>
/// <param name="By">Who did it, as audits name them.</param>
public sealed record Quarantine(DateTimeOffset At, string Reason, string By);

/// <summary>Whether an agent may get new tasks. It always finishes those it holds.</summary>
/// <param name="DrainedAt">Since when it gets no new tasks; null if it is not draining.</param>
/// <param name="Quarantine">Null if it is not in quarantine.</param>
public sealed record AgentStanding(DateTimeOffset? DrainedAt = null, Quarantine? Quarantine = null)
{
    public static readonly AgentStanding Active = new();

    public bool TakesWork => DrainedAt is null && Quarantine is null;

    /// <summary><c>active</c>, <c>draining</c> or <c>quarantined</c>; the last also if it is draining too.</summary>
    public string WireName => Quarantine is not null ? "quarantined" : DrainedAt is not null ? "draining" : "active";
}
