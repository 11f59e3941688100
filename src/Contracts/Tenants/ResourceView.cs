namespace Headgate.Contracts.Tenants;

/// <summary>Something that tasks of the tenant share: its rules and its circuit breaker.</summary>
/// <param name="State"><c>closed</c> (in use), <c>open</c>, <c>half-open</c> or <c>held</c>.</param>
/// <param name="Since">When the state began; null if it was always <c>closed</c>.</param>
/// <param name="Until">While open: when one task probes it.</param>
/// <param name="Reason">Why it is open, half-open or held.</param>
/// <param name="HeldBy">Who holds it; null if the service does, or nobody.</param>
/// <param name="FailuresInARow">While closed.</param>
/// <param name="MaxAtOnce">How many may use it at once for now, after it was open or held; null if only its rules limit it.</param>
/// <param name="InUse">Attempts that use it now; null if no limit counts them.</param>
/// <param name="Waiting">Ready tasks that name it; null in lists, and if the tenant has more than 1,000 ready tasks.</param>
public sealed record ResourceView(
    string Name,
    string State,
    DateTimeOffset? Since,
    DateTimeOffset? Until,
    string? Reason,
    string? HeldBy,
    int? MaxConcurrent,
    IReadOnlyDictionary<string, int> TypeLimits,
    int FailuresToOpen,
    int OpenSeconds,
    int FailuresInARow,
    int? MaxAtOnce,
    int? InUse,
    int? Waiting);

/// <summary>Body of <c>PUT /tenants/{t}/resources/{name}</c>: all of its rules.</summary>
/// <param name="MaxConcurrent">1..200; no limit by default.</param>
/// <param name="TypeLimits">By task type, 0..200.</param>
/// <param name="FailuresToOpen">1..100; 5 by default.</param>
/// <param name="OpenSeconds">1..3600; 60 by default.</param>
public sealed record ResourceRequest(int? MaxConcurrent = null, IReadOnlyDictionary<string, int>? TypeLimits = null, int? FailuresToOpen = null, int? OpenSeconds = null);
