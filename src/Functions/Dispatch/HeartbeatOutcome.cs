using Headgate.Functions.Runs;
using Headgate.Functions.Stores.Agents;

namespace Headgate.Functions.Dispatch;

/// <summary>What became of a heartbeat; a closed set.</summary>
/// <param name="Agent">As it was before the heartbeat.</param>
public abstract record HeartbeatOutcome(AgentSnapshot Agent)
{
    /// <param name="Cancel">Tasks to stop and report as cancelled.</param>
    /// <param name="Lost">Tasks that the agent reports and no longer holds.</param>
    /// <param name="Woken">Runs to wake, because their tasks moved.</param>
    /// <param name="TookOver">This process took the agent over from one that fell silent without ending.</param>
    public sealed record Taken(AgentSnapshot Agent, IReadOnlyList<string> Cancel, IReadOnlyList<string> Lost, IReadOnlyList<RunReference> Woken, bool TookOver) : HeartbeatOutcome(Agent);

    /// <summary>Another process has the agent. Nothing of the heartbeat counts.</summary>
    /// <param name="IsNews">None was refused for it within the last lease.</param>
    public sealed record InUse(AgentSnapshot Agent, bool IsNews) : HeartbeatOutcome(Agent);
}
