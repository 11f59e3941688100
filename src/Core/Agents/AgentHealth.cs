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

/// <summary>Judges an agent by its silence.</summary>
public static class AgentHealth
{
    public static string WireName(this AgentStatus status) => status switch
    {
        AgentStatus.Online => "online",
        AgentStatus.Late => "late",
        _ => "offline",
    };

    /// <summary>Online within two heartbeats, late within a lease, then offline. Never seen is offline.</summary>
    public static AgentStatus Of(DateTimeOffset? lastSeen, TimeSpan heartbeat, TimeSpan lease, DateTimeOffset now)
    {
        var silence = now - lastSeen;
        if (silence is null || silence > lease)
            return AgentStatus.Offline;
        return silence > heartbeat * 2 ? AgentStatus.Late : AgentStatus.Online;
    }
}
