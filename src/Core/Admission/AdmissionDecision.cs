using Headgate.Core.Plans;
using Headgate.Core.Tenants;

namespace Headgate.Core.Admission;

/// <summary>What the gate says; a closed set that callers switch over.</summary>
public abstract record AdmissionDecision
{
    private AdmissionDecision()
    {
    }

    /// <param name="After">The ledger to store with the run.</param>
    public sealed record Admitted(Ledger After, int Limit) : AdmissionDecision;

    /// <param name="RetryAfterSeconds">To the stored end of the pause, or 60 where none is known.</param>
    public sealed record Paused(int RetryAfterSeconds) : AdmissionDecision;

    public sealed record NotActive(TenantStatus Status) : AdmissionDecision;

    /// <param name="RetryAfterSeconds">To the first instant of the next UTC month.</param>
    public sealed record MonthlyLimit(int CurrentUsage, int Limit, Plan Plan, int RetryAfterSeconds) : AdmissionDecision
    {
        public string Reason => $"Monthly run limit reached ({Limit} runs/month on {Plan.DisplayName} plan)";
    }

    /// <param name="RetryAfterSeconds">When a slot may be expected, from this tenant's own durations; 30 until there are any.</param>
    public sealed record ConcurrencyLimit(int CurrentUsage, int Limit, Plan Plan, int RetryAfterSeconds) : AdmissionDecision
    {
        public string Reason => $"Concurrent run limit reached ({Limit} concurrent runs on {Plan.DisplayName} plan). Wait for existing runs to complete.";
    }
}
