namespace Headgate.Core.Plans;

public sealed record TenantLimits(int MaxConcurrentRuns, int MaxMonthlyRuns, int MaxRepos, int MaxMembers)
{
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
