using Headgate.Core.Admission;
using Headgate.Core.Plans;
using Headgate.Core.Tenants;
using Headgate.Ports;

namespace Headgate.Functions.Stores.Tenants;

/// <summary>The ledger as a row. Its ETag changes with every admission, finish, pause and settings change.</summary>
public static class LedgerRow
{
    public static TableRow Write(string tenantId, Ledger ledger, string? etag) => new(
        tenantId,
        RowKeys.Ledger,
        new Columns(8)
        {
            { "status", ledger.Status.WireName() },
            { "plan", ledger.PlanId },
            { "inFlight", ledger.InFlight },
            { "month", ledger.Month },
            { "runsThisMonth", ledger.RunsThisMonth },
            { "averageRunSeconds", ledger.AverageRunSeconds },
            { "otherMonth", ledger.OtherMonth },
            { "runsInOtherMonth", ledger.OtherMonth is null ? null : ledger.RunsInOtherMonth },
            { "starts", ledger.Starts is { Count: > 0 } starts ? starts.Stored : null },
            { "waitingRuns", ledger.WaitingRuns == 0 ? null : ledger.WaitingRuns },
            { "lastPlace", ledger.LastPlace == 0 ? null : ledger.LastPlace },
            { "averageWaitSeconds", ledger.AverageWaitSeconds },
            { "agentMillisecondsThisMonth", ledger.AgentMillisecondsThisMonth == 0 ? null : ledger.AgentMillisecondsThisMonth },
            { "agentMillisecondsInOtherMonth", ledger.AgentMillisecondsInOtherMonth == 0 ? null : ledger.AgentMillisecondsInOtherMonth },
            { "usage", ledger.Usage is { } usage ? UsageRow.Pack(usage) : null },
            { "transition", ledger.Transition == 0 ? null : ledger.Transition },
            { "maxConcurrentRuns", ledger.Overrides.MaxConcurrentRuns },
            { "maxMonthlyRuns", ledger.Overrides.MaxMonthlyRuns },
            { "maxRepos", ledger.Overrides.MaxRepos },
            { "maxMembers", ledger.Overrides.MaxMembers },
            { "maxWaitingRuns", ledger.Overrides.MaxWaitingRuns },
            { "shadowMaxConcurrentRuns", ledger.Overrides.ShadowMaxConcurrentRuns },
            { "shadowMaxMonthlyRuns", ledger.Overrides.ShadowMaxMonthlyRuns },
            { "maxPolicies", ledger.Overrides.MaxPolicies },
            { "maxKeys", ledger.Overrides.MaxKeys },
            { "maxAgents", ledger.Overrides.MaxAgents },
            { "maxSchedules", ledger.Overrides.MaxSchedules },
            { "limitsUntil", ledger.Overrides.Until },
            { "budgetRuns", ledger.Overrides.BudgetRuns },
            { "budgetAgentSeconds", ledger.Overrides.BudgetAgentSeconds },
            { "retriesPerMinute", ledger.Overrides.RetriesPerMinute },
            { "pauseReason", ledger.Pause?.Reason },
            { "pauseActor", ledger.Pause?.Actor },
            { "pauseAt", ledger.Pause?.At },
            { "pauseUntil", ledger.Pause?.Until },
        },
        etag);

    public static Ledger Read(TableRow row)
    {
        var columns = row.Columns;
        if (!TenantStatuses.TryParse(columns.String("status"), out var status))
            throw new InvalidDataException($"The ledger of tenant '{row.PartitionKey}' has no known status.");
        return new Ledger(
            status,
            columns.Time("pauseAt") is { } at
                ? new PauseRecord(columns.Required("pauseReason"), columns.Required("pauseActor"), at, columns.Time("pauseUntil"))
                : null,
            columns.Required("plan"),
            new LimitOverrides(columns.Int("maxConcurrentRuns"), columns.Int("maxMonthlyRuns"), columns.Int("maxRepos"), columns.Int("maxMembers"))
            {
                MaxWaitingRuns = columns.Int("maxWaitingRuns"),
                ShadowMaxConcurrentRuns = columns.Int("shadowMaxConcurrentRuns"),
                ShadowMaxMonthlyRuns = columns.Int("shadowMaxMonthlyRuns"),
                MaxPolicies = columns.Int("maxPolicies"),
                MaxKeys = columns.Int("maxKeys"),
                MaxAgents = columns.Int("maxAgents"),
                MaxSchedules = columns.Int("maxSchedules"),
                Until = columns.Time("limitsUntil"),
                BudgetRuns = columns.Int("budgetRuns"),
                BudgetAgentSeconds = columns.Int("budgetAgentSeconds"),
                RetriesPerMinute = columns.Int("retriesPerMinute"),
            },
            columns.Int("inFlight") ?? 0,
            columns.Required("month"),
            columns.Int("runsThisMonth") ?? 0,
            columns.Double("averageRunSeconds"),
            columns.String("otherMonth"),
            columns.Int("runsInOtherMonth") ?? 0,
            columns.Bytes("starts") is { } starts ? RunStarts.Read(starts) : null,
            columns.Int("waitingRuns") ?? 0,
            columns.Int("lastPlace") ?? 0,
            columns.Double("averageWaitSeconds"),
            columns.Long("agentMillisecondsThisMonth") ?? 0,
            columns.Long("agentMillisecondsInOtherMonth") ?? 0,
            columns.Bytes("usage") is { } usage ? UsageRow.Unpack(usage) : null,
            columns.Long("transition") ?? 0);
    }
}
