using Headgate.Core.Plans;
using Headgate.Functions.Api.Keys;
using Headgate.Functions.Api.Members;
using Headgate.Functions.Api.Tenants;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Api;

/// <summary>A limit on how many of something a tenant has, by its plan and its own limits.</summary>
/// <param name="code">The refusal's.</param>
/// <param name="what">One of them, as a sentence begins with it.</param>
/// <param name="most">Whatever the limits say.</param>
/// <param name="of">Which of the limits.</param>
internal sealed class CountedLimit(string code, string what, int most, Func<TenantLimits, int> of)
{
    public static readonly CountedLimit Members = new("member-limit", "Member", MemberChange.MaxMembers, limits => limits.MaxMembers);

    public static readonly CountedLimit Policies = new("policy-limit", "Policy", WritePolicies.MaxPolicies, limits => limits.MaxPolicies);

    public static readonly CountedLimit Keys = new("key-limit", "Key", KeyListing.MaxKeys, limits => limits.MaxKeys);

    public static readonly CountedLimit Agents = new("agent-limit", "Agent", LimitOverrides.CountedCeiling, limits => limits.MaxAgents);

    public static readonly CountedLimit Schedules = new("schedule-limit", "Schedule", LimitOverrides.CountedCeiling, limits => limits.MaxSchedules);

    public int Of(TenantSnapshot tenant, DateTimeOffset now) => Math.Min(of(tenant.Ledger.LimitsAt(now)), most);

    /// <summary>Null where there is room for one more.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="now">The time.</param>
    public Refusal? Refuse(TenantSnapshot tenant, int count, DateTimeOffset now) => Refuse(tenant, count, Of(tenant, now));

    /// <summary>As above, whatever the tenant's limits say.</summary>
    public Refusal? RefuseOverall(TenantSnapshot tenant, int count) => Refuse(tenant, count, most);

    private Refusal? Refuse(TenantSnapshot tenant, int count, int limit)
    {
        if (count < limit)
            return null;
        var plan = tenant.Ledger.Plan;
        return new Refusal(409, code, "Plan limit exceeded")
            .With("reason", $"{what} limit reached ({limit} {(what == "Policy" ? "policies" : what.ToLowerInvariant() + "s")} on {plan.DisplayName} plan)")
            .With("currentUsage", count)
            .With("limit", limit)
            .With("plan", plan.Id);
    }
}
