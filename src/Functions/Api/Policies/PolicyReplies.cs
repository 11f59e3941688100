using Headgate.Contracts.Tenants;
using Headgate.Core.Retry;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Api.Policies;

/// <summary>Retry policies as they are shown.</summary>
internal static class PolicyReplies
{
    public static PolicyView View(string name, RetryPolicy policy) =>
        new(name, policy.MaxRetries, policy.BaseSeconds, policy.MaxSeconds, policy.Jitter, policy.Factor);

    /// <summary>By name; the default one is always among them.</summary>
    public static List<PolicyView> All(TenantSnapshot tenant) =>
    [
        .. tenant.Policies.Keys.Append(RetryPolicy.DefaultName).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(name => View(name, tenant.Policy(name)!)),
    ];

    public static Refusal NotFound(string name) => Refusals.NotFound("Policy", "policy-not-found", "name", name);
}
