using Headgate.Core.Plans;
using Headgate.Core.Tenants;

namespace Headgate.Core.Admission;

/// <summary>The decision of <see cref="AdmissionGate"/>; a closed set.</summary>
public abstract record AdmissionDecision
{
    private AdmissionDecision()
    {
    }

    /// <param name="After">The ledger to store with the run.</param>
    public sealed record Admitted(Ledger After, int Limit) : AdmissionDecision;

    /// <param name="RetryAfterSeconds">Until the pause's stored end; 60 if it has none.</param>
    public sealed record Paused(int RetryAfterSeconds) : AdmissionDecision;

    public sealed record NotActive(TenantStatus Status) : AdmissionDecision;

    /// <param name="RetryAfterSeconds">Until the next UTC month begins.</param>
    public sealed record MonthlyLimit(int CurrentUsage, int Limit, Plan Plan, int RetryAfterSeconds) : AdmissionDecision
    {
        public string Reason => $"Monthly run limit reached ({Limit} runs/month on {Plan.DisplayName} plan)";
    }

    /// <param name="RetryAfterSeconds">Until a slot may be free, by the tenant's average run; 30 if it has none yet, at most 3600.</param>
    public sealed record ConcurrencyLimit(int CurrentUsage, int Limit, Plan Plan, int RetryAfterSeconds) : AdmissionDecision
    {
        public string Reason => $"Concurrent run limit reached ({Limit} concurrent runs on {Plan.DisplayName} plan). Wait for existing runs to complete.";
    }
}
