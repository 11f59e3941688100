namespace Headgate.Core.Plans;

/// <param name="MaxWaitingRuns">Runs over the cap that are accepted to wait for a slot.</param>
/// <param name="ShadowMaxConcurrentRuns">Refuses nothing: tells what a cap would refuse. Null: nobody asks.</param>
/// <param name="ShadowMaxMonthlyRuns">Likewise of a monthly limit.</param>
/// <param name="BudgetRuns">Runs in a UTC month, beyond which the tenant itself wants none. Null: no budget.</param>
/// <param name="BudgetAgentSeconds">Likewise how long agents may work for it.</param>
/// <param name="RetriesPerMinute">Retries that may start in a minute; those beyond wait. Null: no bound.</param>
public sealed record TenantLimits(
    int MaxConcurrentRuns,
    int MaxMonthlyRuns,
    int MaxRepos,
    int MaxMembers,
    int MaxWaitingRuns = 0,
    int? ShadowMaxConcurrentRuns = null,
    int? ShadowMaxMonthlyRuns = null,
    int? BudgetRuns = null,
    int? BudgetAgentSeconds = null,
    int? RetriesPerMinute = null)
{
    public TenantLimits With(LimitOverrides overrides) => new(
        overrides.MaxConcurrentRuns ?? MaxConcurrentRuns,
        overrides.MaxMonthlyRuns ?? MaxMonthlyRuns,
        overrides.MaxRepos ?? MaxRepos,
        overrides.MaxMembers ?? MaxMembers,
        overrides.MaxWaitingRuns ?? MaxWaitingRuns,
        overrides.ShadowMaxConcurrentRuns ?? ShadowMaxConcurrentRuns,
        overrides.ShadowMaxMonthlyRuns ?? ShadowMaxMonthlyRuns,
        overrides.BudgetRuns ?? BudgetRuns,
        overrides.BudgetAgentSeconds ?? BudgetAgentSeconds,
        overrides.RetriesPerMinute ?? RetriesPerMinute);
}

/// <summary>A tenant's own limits; null keeps the plan's. Each is 0..1,000,000,000, of waiting runs 0..1,000.</summary>
public sealed record LimitOverrides(
    int? MaxConcurrentRuns = null,
    int? MaxMonthlyRuns = null,
    int? MaxRepos = null,
    int? MaxMembers = null,
    int? MaxWaitingRuns = null,
    int? ShadowMaxConcurrentRuns = null,
    int? ShadowMaxMonthlyRuns = null,
    int? BudgetRuns = null,
    int? BudgetAgentSeconds = null,
    int? RetriesPerMinute = null)
{
    public const int Ceiling = 1_000_000_000;

    /// <summary>A tenant's whole queue is read in one page.</summary>
    public const int WaitingCeiling = 1_000;

    public static LimitOverrides None { get; } = new();
}
