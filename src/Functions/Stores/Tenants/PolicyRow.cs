using Headgate.Core.Retry;
using Headgate.Ports;

namespace Headgate.Functions.Stores.Tenants;

/// <summary>A tenant's retry policy as a row.</summary>
public static class PolicyRow
{
    public static TableRow Write(string tenantId, string name, RetryPolicy policy) => new(
        tenantId,
        RowKeys.Policy(name),
        new Columns
        {
            { "maxRetries", policy.MaxRetries },
            { "baseSeconds", policy.BaseSeconds },
            { "maxSeconds", policy.MaxSeconds },
            { "jitter", policy.Jitter },
            { "factor", policy.Factor },
        });

    public static (string Name, RetryPolicy Policy) Read(TableRow row) => (
        row.RowKey[RowKeys.PolicyPrefix.Length..],
        new RetryPolicy(
            row.Columns.Int("maxRetries") ?? RetryPolicy.DefaultMaxRetries,
            row.Columns.Double("baseSeconds") ?? RetryPolicy.DefaultBaseSeconds,
            row.Columns.Double("maxSeconds") ?? RetryPolicy.DefaultMaxSeconds,
            row.Columns.Double("jitter") ?? RetryPolicy.DefaultJitter,
            row.Columns.Double("factor") ?? RetryPolicy.DefaultFactor));
}
