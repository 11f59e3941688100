using System.Security.Cryptography;
using System.Text;
using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Core.Admission;
using Headgate.Core.Plans;
using Headgate.Core.Runs;
using Headgate.Core.Tenants;
using Headgate.Core.Validation;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Api.Tenants;

/// <summary>The field <c>plan</c>. A plan nobody knows is refused under its own code, with every other problem beside it.</summary>
internal static class PlanField
{
    private static readonly string[] Known = [.. PlanTable.All.Select(plan => plan.Id)];

    /// <param name="fields">The body.</param>
    /// <param name="required">Whether it must be there.</param>
    /// <param name="unknown">The plan that nobody knows; null otherwise.</param>
    public static string? Read(ObjectReader fields, bool required, out string? unknown)
    {
        var plan = fields.String("plan", TextRule.Plain(64), required);
        unknown = plan is null || PlanTable.TryGet(plan, out _) ? null : plan;
        if (unknown is not null)
            fields.Problem("plan", NearestName.Of(unknown, Known) is { } near ? $"is unknown; did you mean '{near}'?" : $"is unknown; known are {string.Join(", ", Known)}");
        return plan;
    }

    public static Refusal Refuse(Problems problems, string? unknown) => unknown is null
        ? Refusals.InvalidBody(problems)
        : (Refusals.InvalidBody(problems) with { Code = "unknown-plan", Error = "Unknown plan" }).With("plan", unknown);
}

/// <summary>The field <c>limits</c>: a number overrides the plan's limit, null clears the override, absent leaves it.</summary>
internal sealed class LimitsField
{
    private readonly Limit _concurrentRuns;
    private readonly Limit _monthlyRuns;
    private readonly Limit _repos;
    private readonly Limit _members;
    private readonly Limit _waitingRuns;
    private readonly Limit _policies;
    private readonly Limit _keys;
    private readonly Limit _agents;
    private readonly Limit _schedules;
    private readonly bool _endsNever;
    private readonly DateTimeOffset? _until;
    private readonly ShadowField _shadow;
    private readonly BudgetField _budget;
    private readonly Limit _retriesPerMinute;

    private LimitsField(ObjectReader fields, DateTimeOffset now)
    {
        _concurrentRuns = Limit.Read(fields, "maxConcurrentRuns");
        _monthlyRuns = Limit.Read(fields, "maxMonthlyRuns");
        _repos = Limit.Read(fields, "maxRepos");
        _members = Limit.Read(fields, "maxMembers");
        _waitingRuns = Limit.Read(fields, "maxWaitingRuns", LimitOverrides.WaitingCeiling);
        _policies = Limit.Read(fields, "maxPolicies", LimitOverrides.FewCeiling);
        _keys = Limit.Read(fields, "maxKeys", LimitOverrides.FewCeiling);
        _agents = Limit.Read(fields, "maxAgents", LimitOverrides.CountedCeiling);
        _schedules = Limit.Read(fields, "maxSchedules", LimitOverrides.CountedCeiling);
        _shadow = ShadowField.Read(fields);
        _budget = BudgetField.Read(fields);
        _retriesPerMinute = Limit.Read(fields, "retriesPerMinute", least: 1);
        (_endsNever, _until) = (fields.IsNull("until"), fields.Time("until"));
        if (_until <= now)
            fields.Problem("until", "must be in the future");
        fields.End();
    }

    /// <summary>Null where there is no such field.</summary>
    public static LimitsField? Read(ObjectReader fields, DateTimeOffset now) => fields.Object("limits") is { } limits ? new LimitsField(limits, now) : null;

    /// <summary>What has ended is not brought back.</summary>
    public LimitOverrides ApplyTo(LimitOverrides stored, DateTimeOffset now)
    {
        var overrides = stored.At(now);
        var applied = new LimitOverrides(
            _concurrentRuns.ApplyTo(overrides.MaxConcurrentRuns),
            _monthlyRuns.ApplyTo(overrides.MaxMonthlyRuns),
            _repos.ApplyTo(overrides.MaxRepos),
            _members.ApplyTo(overrides.MaxMembers),
            _waitingRuns.ApplyTo(overrides.MaxWaitingRuns),
            _shadow.ConcurrentRuns.ApplyTo(overrides.ShadowMaxConcurrentRuns),
            _shadow.MonthlyRuns.ApplyTo(overrides.ShadowMaxMonthlyRuns),
            _policies.ApplyTo(overrides.MaxPolicies),
            _keys.ApplyTo(overrides.MaxKeys),
            _agents.ApplyTo(overrides.MaxAgents),
            _schedules.ApplyTo(overrides.MaxSchedules),
            _budget.Runs.ApplyTo(overrides.BudgetRuns),
            _budget.AgentSeconds.ApplyTo(overrides.BudgetAgentSeconds),
            _retriesPerMinute.ApplyTo(overrides.RetriesPerMinute));
        // An end of nothing is none.
        return applied == LimitOverrides.None ? applied : applied with { Until = _endsNever ? null : _until ?? overrides.Until };
    }

    // Null clears both.
    private readonly record struct ShadowField(Limit ConcurrentRuns, Limit MonthlyRuns)
    {
        public static ShadowField Read(ObjectReader fields)
        {
            if (fields.Object("shadow") is not { } shadow)
                return fields.IsNull("shadow") ? new(new(true, null), new(true, null)) : default;
            var field = new ShadowField(Limit.Read(shadow, "maxConcurrentRuns"), Limit.Read(shadow, "maxMonthlyRuns"));
            shadow.End();
            return field;
        }
    }

    // Likewise.
    private readonly record struct BudgetField(Limit Runs, Limit AgentSeconds)
    {
        public static BudgetField Read(ObjectReader fields)
        {
            if (fields.Object("budget") is not { } budget)
                return fields.IsNull("budget") ? new(new(true, null), new(true, null)) : default;
            var field = new BudgetField(Limit.Read(budget, "runs"), Limit.Read(budget, "agentSeconds"));
            budget.End();
            return field;
        }
    }

    private readonly record struct Limit(bool Clears, int? Value)
    {
        public static Limit Read(ObjectReader fields, string name, int most = LimitOverrides.Ceiling, int least = 0) => new(fields.IsNull(name), fields.Int(name, least, most));

        public int? ApplyTo(int? current) => Clears ? null : Value ?? current;
    }
}

/// <summary>A tenant as it is shown.</summary>
internal static class TenantReplies
{
    public static Reply Of(int status, TenantSnapshot tenant, DateTimeOffset now) =>
        Reply.Json(status, View(tenant, now), ContractJson.Default.TenantView).WithHeader("ETag", ETagOf(tenant));

    public static TenantView View(TenantSnapshot tenant, DateTimeOffset now)
    {
        var ledger = tenant.Ledger;
        var (limits, status) = (ledger.LimitsAt(now), ledger.StatusAt(now));
        return new TenantView(
            tenant.TenantId,
            tenant.Profile.Name,
            status.WireName(),
            ledger.PlanId,
            new LimitsView(
                limits.MaxConcurrentRuns,
                limits.MaxMonthlyRuns,
                limits.MaxRepos,
                limits.MaxMembers,
                limits.MaxWaitingRuns,
                Shadow(limits),
                limits.MaxPolicies,
                limits.MaxKeys,
                limits.MaxAgents,
                limits.MaxSchedules,
                ledger.Overrides.At(now).Until,
                Budget(limits),
                limits.RetriesPerMinute),
            ledger.InFlight,
            ledger.RunsInMonthOf(now),
            status == TenantStatus.Paused && ledger.Pause is { } pause ? new PauseView(pause.Reason, pause.Actor, pause.At, pause.Until) : null,
            tenant.Profile.CreatedAt,
            ETagOf(tenant),
            tenant.Profile.DeletedAt,
            ledger.WaitingRuns,
            Warnings(ledger, now),
            limits.RetriesPerMinute is { } bound ? Math.Max(bound - tenant.Retries.StartedIn(RetryBudgets.MinuteOf(now)), 0) : null);
    }

    private static List<LimitUseView>? Warnings(Ledger ledger, DateTimeOffset now) =>
        SoftLimits.Warnings(ledger, now) is { Count: > 0 } near ? [.. near.Select(use => new LimitUseView(use.Code, use.Used, use.Limit))] : null;

    private static BudgetView? Budget(TenantLimits limits) =>
        limits is { BudgetRuns: null, BudgetAgentSeconds: null } ? null : new(limits.BudgetRuns, limits.BudgetAgentSeconds);

    private static ShadowLimitsView? Shadow(TenantLimits limits) =>
        limits is { ShadowMaxConcurrentRuns: null, ShadowMaxMonthlyRuns: null } ? null : new(limits.ShadowMaxConcurrentRuns, limits.ShadowMaxMonthlyRuns);

    /// <summary>
    /// Stands for what a PATCH can change and nothing else: a tenant whose runs come and go would otherwise never have the
    /// ETag that was read.
    /// </summary>
    public static string ETagOf(TenantSnapshot tenant)
    {
        var overrides = tenant.Ledger.Overrides;
        var settings = $"{tenant.Ledger.PlanId}\n{overrides.MaxConcurrentRuns}\n{overrides.MaxMonthlyRuns}\n{overrides.MaxRepos}\n{overrides.MaxMembers}\n{overrides.MaxWaitingRuns}\n{overrides.ShadowMaxConcurrentRuns}\n{overrides.ShadowMaxMonthlyRuns}\n{overrides.MaxPolicies}\n{overrides.MaxKeys}\n{overrides.MaxAgents}\n{overrides.MaxSchedules}\n{overrides.BudgetRuns}\n{overrides.BudgetAgentSeconds}\n{overrides.RetriesPerMinute}\n{overrides.Until:O}\n{tenant.Profile.Name}";
        return $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(settings)).AsSpan(0, 8))}\"";
    }
}
