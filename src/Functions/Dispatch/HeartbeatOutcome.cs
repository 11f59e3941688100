using Headgate.Functions.Runs;
using Headgate.Functions.Stores.Agents;

namespace Headgate.Functions.Dispatch;

/// <summary>What became of a heartbeat; a closed set.</summary>
/// <param name="Agent">As it was before the heartbeat.</param>
public abstract record HeartbeatOutcome(AgentSnapshot Agent)
{
    /// <param name="Cancel">Tasks to stop and report as cancelled.</param>
    /// <param name="Lost">Tasks it runs that are not its any more.</param>
    /// <param name="Woken">Runs whose tasks moved.</param>
    /// <param name="Followed">This process follows one that had the agent, had not ended and fell silent.</param>
    public sealed record Taken(AgentSnapshot Agent, IReadOnlyList<string> Cancel, IReadOnlyList<string> Lost, IReadOnlyList<RunReference> Woken, bool Followed) : HeartbeatOutcome(Agent);

    /// <summary>Another process has the agent. Nothing of the heartbeat counts.</summary>
    /// <param name="IsNews">None was refused for it within the last lease.</param>
    public sealed record InUse(AgentSnapshot Agent, bool IsNews) : HeartbeatOutcome(Agent);
}
