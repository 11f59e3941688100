using System.CommandLine;
using System.Globalization;
using Headgate.Contracts;
using Headgate.Contracts.Tenants;

namespace Headgate.Cli.Commands;

internal static class TenantCommands
{
    public static void AddTo(CommandLine line)
    {
        var tenants = line.Group("tenants", "Tenants, and what they have in flight");
        var id = Given.Id("id", "The tenant's id");

        line.Add(tenants, new Command("list", "All tenants (operators)"), (call, cancellationToken) => call.Terminal.ShowAsync(
            call.Client.Tenants.ListAsync(cancellationToken),
            int.MaxValue,
            ContractJson.Default.TenantView,
            ["TENANT", "STATUS", "PLAN", "IN FLIGHT", "THIS MONTH", "NAME"],
            tenant => [tenant.Id, tenant.Status, tenant.Plan, InFlight(tenant), ThisMonth(tenant), tenant.Name]));

        line.Add(tenants, new Command("show", "One tenant") { id }, async (call, cancellationToken) => Show(call, await call.Client.Tenants.GetAsync(call.Value(id), cancellationToken)));

        var name = new Option<string>("--name") { Description = "Default: the id" };
        var plan = new Option<string>("--plan") { Description = "Default: pro" };
        line.Add(tenants, new Command("create", "A new tenant (operators)") { id, name, plan }, async (call, cancellationToken) => Show(
            call, await call.Client.Tenants.CreateAsync(new CreateTenantRequest(call.Value(id), call.Value(name) ?? call.Value(id), call.Value(plan) ?? "pro"), cancellationToken)));

        var reason = new Option<string>("--reason") { Description = "For the audit" };
        line.Add(tenants, new Command("pause", "Refuse new runs and hand out no more tasks") { id, reason }, async (call, cancellationToken) =>
            Say(call, await call.Client.Tenants.PauseAsync(call.Value(id), call.Value(reason), null, cancellationToken)));
        line.Add(tenants, new Command("resume", "End a pause") { id }, async (call, cancellationToken) =>
            Say(call, await call.Client.Tenants.ResumeAsync(call.Value(id), cancellationToken)));
    }

    private static void Show(Call call, TenantView tenant) => call.Terminal.Show(
        tenant,
        ContractJson.Default.TenantView,
        ("tenant", tenant.Id),
        ("name", tenant.Name),
        ("status", tenant.Status),
        ("paused", tenant.Pause is { } pause ? $"by {pause.Actor}: {pause.Reason}" : null),
        ("plan", tenant.Plan),
        ("in flight", InFlight(tenant)),
        ("this month", ThisMonth(tenant)));

    private static void Say(Call call, StatusChanged changed) =>
        call.Terminal.Show(changed, ContractJson.Default.StatusChanged, ("status", changed.Status), ("message", changed.Message));

    private static string InFlight(TenantView tenant) => string.Create(CultureInfo.InvariantCulture, $"{tenant.InFlight} of {tenant.Limits.MaxConcurrentRuns}");

    private static string ThisMonth(TenantView tenant) => string.Create(CultureInfo.InvariantCulture, $"{tenant.RunsThisMonth} of {tenant.Limits.MaxMonthlyRuns}");
}
