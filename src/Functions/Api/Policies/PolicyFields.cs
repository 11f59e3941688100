using Headgate.Contracts.Tenants;
using Headgate.Core.Retry;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Api.Policies;

/// <summary>The body of <c>PUT …/policies/{name}</c>: the whole policy, absent fields being the defaults.</summary>
internal static class PolicyFields
{
    /// <summary>Usable only where the reader has no problems afterwards.</summary>
    public static RetryPolicy Read(ObjectReader fields)
    {
        var delays = RetryPolicy.Default with
        {
            BaseSeconds = fields.Number("baseSeconds", RetryPolicy.BaseSecondsFloor, RetryPolicy.BaseSecondsCeiling) ?? RetryPolicy.DefaultBaseSeconds,
            MaxSeconds = fields.Number("maxSeconds", RetryPolicy.BaseSecondsFloor, RetryPolicy.MaxSecondsCeiling) ?? RetryPolicy.DefaultMaxSeconds,
        };
        // How the two relate can be judged only where each is right on its own.
        if (!fields.Problems.Any)
            delays.Check(fields.Problems);
        return delays with
        {
            MaxRetries = fields.Int("maxRetries", 0, RetryPolicy.MaxRetriesCeiling) ?? RetryPolicy.DefaultMaxRetries,
            Jitter = fields.Number("jitter", 0, 1) ?? RetryPolicy.DefaultJitter,
            Factor = fields.Number("factor", 1, RetryPolicy.FactorCeiling) ?? RetryPolicy.DefaultFactor,
        };
    }
}

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
