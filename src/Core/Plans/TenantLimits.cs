namespace Headgate.Core.Plans;

/// <summary>Limits in force for a tenant.</summary>
public sealed record TenantLimits(int MaxConcurrentRuns, int MaxMonthlyRuns, int MaxRepos, int MaxMembers)
{
    /// <summary>The plan's limits with the tenant's overrides laid over them.</summary>
    public TenantLimits With(LimitOverrides overrides) => new(
        overrides.MaxConcurrentRuns ?? MaxConcurrentRuns,
        overrides.MaxMonthlyRuns ?? MaxMonthlyRuns,
        overrides.MaxRepos ?? MaxRepos,
        overrides.MaxMembers ?? MaxMembers);
}

/// <summary>A tenant's own limits; null keeps the plan's. Each is 0..1,000,000,000.</summary>
public sealed record LimitOverrides(int? MaxConcurrentRuns = null, int? MaxMonthlyRuns = null, int? MaxRepos = null, int? MaxMembers = null)
{
    public const int Ceiling = 1_000_000_000;

    public static LimitOverrides None { get; } = new();
}
