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
    /// <param name="Limit">The cap.</param>
    /// <param name="ShadowRefusal">The code under which a shadow limit would have refused it; null if none would.</param>
    public sealed record Admitted(Ledger After, int Limit, string? ShadowRefusal = null) : AdmissionDecision;

    /// <summary>Accepted over the cap, to wait for a slot.</summary>
    /// <param name="After">The ledger to store with the run.</param>
    /// <param name="Limit">The cap.</param>
    /// <param name="ShadowRefusal">As of <see cref="Admitted"/>.</param>
    public sealed record Queued(Ledger After, int Limit, string? ShadowRefusal = null) : AdmissionDecision;

    /// <param name="CurrentUsage">Runs that wait.</param>
    /// <param name="Limit">How many may.</param>
    /// <param name="Plan">The tenant's.</param>
    /// <param name="RetryAfterSeconds">As of <see cref="ConcurrencyLimit"/>: with the next slot a place gets free.</param>
    public sealed record QueueFull(int CurrentUsage, int Limit, Plan Plan, int RetryAfterSeconds) : AdmissionDecision
    {
        public string Reason => $"Queue of waiting runs is full ({Limit} waiting runs on {Plan.DisplayName} plan). Wait for one of them to start.";
    }

    /// <param name="RetryAfterSeconds">Until the pause's stored end; 60 if it has none.</param>
    public sealed record Paused(int RetryAfterSeconds) : AdmissionDecision;

    public sealed record NotActive(TenantStatus Status) : AdmissionDecision;

    /// <param name="RetryAfterSeconds">Until the next UTC month begins.</param>
    public sealed record MonthlyLimit(int CurrentUsage, int Limit, Plan Plan, int RetryAfterSeconds) : AdmissionDecision
    {
        public string Reason => $"Monthly run limit reached ({Limit} runs/month on {Plan.DisplayName} plan)";
    }

    /// <param name="Budget">Which: a code of <see cref="SoftLimits"/>.</param>
    /// <param name="CurrentUsage">Runs or agent seconds of this UTC month.</param>
    /// <param name="Limit">The budget.</param>
    /// <param name="Plan">The tenant's.</param>
    /// <param name="RetryAfterSeconds">Until the next UTC month begins.</param>
    public sealed record BudgetReached(string Budget, long CurrentUsage, long Limit, Plan Plan, int RetryAfterSeconds) : AdmissionDecision
    {
        public string Reason => $"Budget of this month reached ({Limit} {(Budget == SoftLimits.BudgetRuns ? "runs" : "agent seconds")}).";
    }

    /// <param name="RetryAfterSeconds">
    /// Until a slot is expected to be free, by the ages of the runs in flight and the tenant's average run, with jitter; 1..300, and 30 while no run has finished.
    /// </param>
    public sealed record ConcurrencyLimit(int CurrentUsage, int Limit, Plan Plan, int RetryAfterSeconds) : AdmissionDecision
    {
        public string Reason => $"Concurrent run limit reached ({Limit} concurrent runs on {Plan.DisplayName} plan). Wait for existing runs to complete.";
    }
}
