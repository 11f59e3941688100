using System.Collections.Immutable;
using Headgate.Core.Admission;
using Headgate.Core.Retry;
using Headgate.Functions.Stores.Runs;

namespace Headgate.Functions.Stores.Tenants;

/// <summary>
/// A tenant's ledger, profile and policies as of one ledger ETag. Whatever changes any of them also rewrites the ledger row,
/// so a write that carries the ETag proves the whole snapshot current.
/// </summary>
public sealed record TenantSnapshot(
    string TenantId,
    Ledger Ledger,
    string LedgerETag,
    TenantProfile Profile,
    IReadOnlyDictionary<string, RetryPolicy> Policies)
{
    /// <summary>A difference that the last look at the ledger's count met; null where it met none. Not guarded by the ledger's ETag.</summary>
    public DriftSighting? Drift { get; init; }

    /// <summary>The retries it has started of late. Not guarded by the ledger's ETag.</summary>
    public RetryMinute Retries { get; init; } = RetryMinute.None;

    /// <summary>The runs that wait for a slot, in the order of their places; empty where the reader did not ask for them. Guarded by the ledger's ETag.</summary>
    public ImmutableList<WaitingRun> Waiting { get; init; } = [];

    /// <summary>The named policy; <c>default</c> exists even where the tenant never wrote one. Null where there is none.</summary>
    public RetryPolicy? Policy(string name) =>
        Policies.TryGetValue(name, out var policy) ? policy : name == RetryPolicy.DefaultName ? RetryPolicy.Default : null;
}
