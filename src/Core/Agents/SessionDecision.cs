namespace Headgate.Core.Agents;

/// <summary>Whether a heartbeat is that of the process which has the agent; a closed set.</summary>
/// <param name="Hold">As it is from now on.</param>
public abstract record SessionDecision(SessionHold Hold)
{
    /// <param name="IsNew">Another session had the agent before.</param>
    /// <param name="WasSilent">That one had not ended, and fell silent.</param>
    public sealed record Goes(SessionHold Hold, bool IsNew = false, bool WasSilent = false) : SessionDecision(Hold);

    /// <summary>Another process has the agent, and may be alive.</summary>
    /// <param name="IsNews">None was refused within the last lease.</param>
    public sealed record InUse(SessionHold Hold, bool IsNews) : SessionDecision(Hold);
}
