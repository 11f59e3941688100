using Headgate.Contracts.Agents;

namespace Headgate.Simulation.Agents;

/// <summary>An attempt that an agent works on, or has ended and not reported yet.</summary>
internal sealed record HeldTask(ClaimedTask Task)
{
    /// <summary>Someone told the agent to stop it.</summary>
    public bool Cancelled { get; set; }

    /// <summary>It is not this agent's any more: nothing is reported.</summary>
    public bool Dropped { get; set; }

    /// <summary>Completes when the work is to stop before its time.</summary>
    public CancellationTokenSource Stop { get; } = new();
}
