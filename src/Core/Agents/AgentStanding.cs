namespace Headgate.Core.Agents;

/// <summary>Why an agent is kept from work until somebody releases it.</summary>
/// <param name="At">Since when.</param>
/// <param name="Reason">1..500 characters.</param>
/// <param name="By">Who did it, as audits name them.</param>
public sealed record Quarantine(DateTimeOffset At, string Reason, string By);

/// <summary>Whether an agent may be given work at all. What it holds it finishes in any case.</summary>
/// <param name="DrainedAt">Since when it is to get no new work; null where it may.</param>
/// <param name="Quarantine">Null where it is in none.</param>
public sealed record AgentStanding(DateTimeOffset? DrainedAt = null, Quarantine? Quarantine = null)
{
    /// <summary>It may be given work.</summary>
    public static readonly AgentStanding Active = new();

    public bool TakesWork => DrainedAt is null && Quarantine is null;

    /// <summary><c>active</c>, <c>draining</c>, or <c>quarantined</c>, which an agent that drains besides is too.</summary>
    public string WireName => Quarantine is not null ? "quarantined" : DrainedAt is not null ? "draining" : "active";
}
