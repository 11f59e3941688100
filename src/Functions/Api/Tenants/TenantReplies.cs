using System.Security.Cryptography;
using System.Text;
using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Core.Tenants;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Api.Tenants;

/// <summary>A tenant as it is shown.</summary>
internal static class TenantReplies
{
    public static Reply Of(int status, TenantSnapshot tenant, DateTimeOffset now) =>
        Reply.Json(status, View(tenant, now), ContractJson.Default.TenantView).WithHeader("ETag", ETagOf(tenant));

    public static TenantView View(TenantSnapshot tenant, DateTimeOffset now)
    {
        var ledger = tenant.Ledger;
        var (limits, status) = (ledger.Limits, ledger.StatusAt(now));
        return new TenantView(
            tenant.TenantId,
            tenant.Profile.Name,
            status.WireName(),
            ledger.PlanId,
            new LimitsView(limits.MaxConcurrentRuns, limits.MaxMonthlyRuns, limits.MaxRepos, limits.MaxMembers),
            ledger.InFlight,
            ledger.RunsInMonthOf(now),
            status == TenantStatus.Paused && ledger.Pause is { } pause ? new PauseView(pause.Reason, pause.Actor, pause.At, pause.Until) : null,
            tenant.Profile.CreatedAt,
            ETagOf(tenant));
    }

    /// <summary>
    /// Stands for what a PATCH can change and nothing else: a tenant whose runs come and go would otherwise never have the
    /// ETag that was read.
    /// </summary>
    public static string ETagOf(TenantSnapshot tenant)
    {
        var overrides = tenant.Ledger.Overrides;
        var settings = $"{tenant.Ledger.PlanId}\n{overrides.MaxConcurrentRuns}\n{overrides.MaxMonthlyRuns}\n{overrides.MaxRepos}\n{overrides.MaxMembers}\n{tenant.Profile.Name}";
        return $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(settings)).AsSpan(0, 8))}\"";
    }
}
