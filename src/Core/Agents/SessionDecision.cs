namespace Headgate.Core.Agents;

/// <summary>The decision about a heartbeat: its session holds the agent, or another one does. A closed set.</summary>
/// <param name="Hold">The hold to store.</param>
public abstract record SessionDecision(SessionHold Hold)
{
    /// <summary>The heartbeat's session holds the agent.</summary>
    /// <param name="IsNew">Another session held it before.</param>
    /// <param name="WasSilent">That one fell silent without ending.</param>
    public sealed record Holds(SessionHold Hold, bool IsNew = false, bool WasSilent = false) : SessionDecision(Hold);

    /// <summary>Another session holds the agent and may be alive.</summary>
    /// <param name="IsNews">No heartbeat was refused within the last lease.</param>
    public sealed record InUse(SessionHold Hold, bool IsNews) : SessionDecision(Hold);
}
