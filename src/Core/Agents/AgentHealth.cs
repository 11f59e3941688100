namespace Headgate.Core.Agents;

/// <summary>How far an agent can be counted on, by the time since it was last heard of.</summary>
public enum AgentStatus
{
    Online,

    /// <summary>Heartbeats are missing, but its leases still hold.</summary>
    Late,

    /// <summary>Its leases have ended.</summary>
    Offline,
}

/// <summary>What an agent is counted as: each is exactly one of these.</summary>
public enum AgentState
{
    Online,
    Late,
    Offline,

    /// <summary>It gets no new work, however it is doing.</summary>
    Draining,

    /// <summary>Likewise, until somebody releases it.</summary>
    Quarantined,
}

/// <summary>Judges an agent by its silence.</summary>
public static class AgentHealth
{
    public static string WireName(this AgentStatus status) => status switch
    {
        AgentStatus.Online => "online",
        AgentStatus.Late => "late",
        _ => "offline",
    };

    public static string WireName(this AgentState state) => state switch
    {
        AgentState.Draining => "draining",
        AgentState.Quarantined => "quarantined",
        _ => ((AgentStatus)state).WireName(),
    };

    /// <summary>Who is kept from work is not counted on, and so neither late nor offline.</summary>
    public static AgentState StateOf(AgentStanding standing, AgentStatus status) =>
        standing.Quarantine is not null ? AgentState.Quarantined : standing.DrainedAt is not null ? AgentState.Draining : (AgentState)status;

    /// <summary>Online within two heartbeats, late within a lease, then offline. Never seen is offline.</summary>
    public static AgentStatus Of(DateTimeOffset? lastSeen, TimeSpan heartbeat, TimeSpan lease, DateTimeOffset now)
    {
        var silence = now - lastSeen;
        if (silence is null || silence > lease)
            return AgentStatus.Offline;
        return silence > heartbeat * 2 ? AgentStatus.Late : AgentStatus.Online;
    }
}
