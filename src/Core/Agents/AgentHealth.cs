namespace Headgate.Core.Agents;

/// <summary>An agent's status by the time since its last heartbeat.</summary>
public enum AgentStatus
{
    Online,

    /// <summary>Silent for over two heartbeats, at most a lease.</summary>
    Late,

    /// <summary>Silent for over a lease, or never seen.</summary>
    Offline,
}

/// <summary>An agent's status, or why it gets no new tasks; numbered as <see cref="AgentStatus"/>.</summary>
public enum AgentState
{
    Online,
    Late,
    Offline,

    Draining,

    Quarantined,
}

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

    public static AgentState StateOf(AgentStanding standing, AgentStatus status) =>
        standing.Quarantine is not null ? AgentState.Quarantined : standing.DrainedAt is not null ? AgentState.Draining : (AgentState)status;

    public static AgentStatus Of(DateTimeOffset? lastSeen, TimeSpan heartbeat, TimeSpan lease, DateTimeOffset now)
    {
        var silence = now - lastSeen;
        if (silence is null || silence > lease)
            return AgentStatus.Offline;
        return silence > heartbeat * 2 ? AgentStatus.Late : AgentStatus.Online;
    }
}
