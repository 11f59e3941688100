using Headgate.Functions.Runs;
using Headgate.Functions.Stores.Agents;

namespace Headgate.Functions.Dispatch;

/// <summary>Whether an agent's heartbeat was taken; a closed set.</summary>
/// <param name="Agent">The agent's rows as they were read, before the heartbeat changed them.</param>
public abstract record HeartbeatOutcome(AgentSnapshot Agent)
{
    /// <summary>Its leases are renewed.</summary>
    /// <param name="Cancel">Ids of tasks that the agent must stop and report as cancelled.</param>
    /// <param name="Lost">Ids of tasks that it lists although they are no longer its own.</param>
    /// <param name="Woken">Runs to wake, because the heartbeat moved tasks of theirs.</param>
    /// <param name="TookOver">The agent's process followed another of the same identity, which fell silent without saying that it ended.</param>
    public sealed record Taken(AgentSnapshot Agent, IReadOnlyList<string> Cancel, IReadOnlyList<string> Lost, IReadOnlyList<RunReference> Woken, bool TookOver) : HeartbeatOutcome(Agent);

    /// <summary>Refused: another process of the same identity has the agent. Nothing of the heartbeat counts.</summary>
    /// <param name="IsNews">It is the first refusal for longer than a lease, so it is worth an audit row and a warning.</param>
    public sealed record InUse(AgentSnapshot Agent, bool IsNews) : HeartbeatOutcome(Agent);
}
