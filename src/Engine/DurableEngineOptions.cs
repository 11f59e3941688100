namespace Headgate.Engine;

/// <summary>Bounds of the engine; the first two are host.json's.</summary>
public sealed record DurableEngineOptions
{
    /// <summary>Activities that run at the same time; default 64, at least 1.</summary>
    public int MaxConcurrentActivityFunctions { get; init; } = 64;

    /// <summary>Turns of orchestrators that run at the same time; default 64, at least 1.</summary>
    public int MaxConcurrentOrchestratorFunctions { get; init; } = 64;

    /// <summary>Idle instances whose history stays in memory; default 1,024.</summary>
    public int MaxIdleInstances { get; init; } = 1024;
}
