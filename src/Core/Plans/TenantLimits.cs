namespace Headgate.Core.Plans;

/// <param name="MaxWaitingRuns">Runs over the cap that are accepted to wait for a slot.</param>
/// <param name="ShadowMaxConcurrentRuns">Refuses nothing: tells what a cap would refuse. Null: nobody asks.</param>
/// <param name="ShadowMaxMonthlyRuns">Likewise of a monthly limit.</param>
/// <param name="MaxPolicies">Retry policies that the tenant wrote.</param>
/// <param name="MaxKeys">Keys of members.</param>
/// <param name="MaxAgents">Agents that serve the tenant alone.</param>
/// <param name="MaxSchedules">Schedules, enabled or not.</param>
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
    int MaxPolicies = 100,
    int MaxKeys = 100,
    int MaxAgents = 1_000,
    int MaxSchedules = 100,
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
        overrides.MaxPolicies ?? MaxPolicies,
        overrides.MaxKeys ?? MaxKeys,
        overrides.MaxAgents ?? MaxAgents,
        overrides.MaxSchedules ?? MaxSchedules,
        overrides.BudgetRuns ?? BudgetRuns,
        overrides.BudgetAgentSeconds ?? BudgetAgentSeconds,
        overrides.RetriesPerMinute ?? RetriesPerMinute);
}

/// <summary>A tenant's own limits; null keeps the plan's. Each is 0..1,000,000,000, of waiting runs and of what a tenant has 0..1,000, of policies and keys 0..100.</summary>
/// <param name="Until">When all of them end, and the plan's hold again; null: never.</param>
public sealed record LimitOverrides(
    int? MaxConcurrentRuns = null,
    int? MaxMonthlyRuns = null,
    int? MaxRepos = null,
    int? MaxMembers = null,
    int? MaxWaitingRuns = null,
    int? ShadowMaxConcurrentRuns = null,
    int? ShadowMaxMonthlyRuns = null,
    int? MaxPolicies = null,
    int? MaxKeys = null,
    int? MaxAgents = null,
    int? MaxSchedules = null,
    int? BudgetRuns = null,
    int? BudgetAgentSeconds = null,
    int? RetriesPerMinute = null,
    DateTimeOffset? Until = null)
{
    public const int Ceiling = 1_000_000_000;

    /// <summary>A tenant's whole queue is read in one page.</summary>
    public const int WaitingCeiling = 1_000;

    /// <summary>All agents and schedules of a tenant are read in one page where they are counted.</summary>
    public const int CountedCeiling = 1_000;

    /// <summary>All policies are read with the ledger, and all keys where one is added.</summary>
    public const int FewCeiling = 100;

    public static LimitOverrides None { get; } = new();

    /// <summary>Those that hold at a time: none from their end on.</summary>
    public LimitOverrides At(DateTimeOffset now) => Until <= now ? None : this;
}
