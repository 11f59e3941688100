namespace Headgate.Engine;

/// <summary>Bounds of the engine. The first two have the names of Durable Functions' settings in host.json.</summary>
public sealed record DurableEngineOptions
{
    /// <summary>Most activities at the same time; at least 1.</summary>
    public int MaxConcurrentActivityFunctions { get; init; } = 64;

    /// <summary>Most orchestrator turns at the same time; at least 1.</summary>
    public int MaxConcurrentOrchestratorFunctions { get; init; } = 64;

    /// <summary>Most idle instances in memory.</summary>
    public int MaxIdleInstances { get; init; } = 1024;
}
