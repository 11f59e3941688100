namespace Headgate.Functions.Runs;

/// <summary>Where the orchestrations of runs live.</summary>
/// <param name="EngineSeesEveryRun">
/// False where several processes share the tables but each has a durable engine of its own: a run that changes here and has no instance
/// here gets one here too. Two instances of a run are harmless, because each only looks at the rows and writes under their ETags.
/// </param>
/// <param name="IsAlone">Whether no process but this one has to do with the runs.</param>
public sealed record RunHosting(bool EngineSeesEveryRun, bool IsAlone);
