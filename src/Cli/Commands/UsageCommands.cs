using System.CommandLine;
using System.Globalization;
using Headgate.Contracts;
using Headgate.Contracts.Tenants;

namespace Headgate.Cli.Commands;

/// <summary>What a tenant used, and whether its audit can be believed.</summary>
internal static class UsageCommands
{
    public static void AddTo(CommandLine line)
    {
        var month = new Option<string>("--month") { Description = "A UTC month as 2026-02 (default: this one)", HelpName = "MONTH" };
        Given.NotEmpty(month);
        line.Add(null, new Command("usage", "What a tenant used in a month, day by day") { month }, async (call, cancellationToken) =>
        {
            var usage = await call.Client.Tenants.UsageAsync(await call.TenantAsync(cancellationToken), call.Value(month), cancellationToken);
            call.Terminal.Show(
                usage,
                ContractJson.Default.UsageView,
                ("month", usage.Month),
                ("runs", Text(usage.Runs)),
                ("attempts", Number(usage.Attempts)),
                ("agent time", string.Create(CultureInfo.InvariantCulture, $"{usage.AgentSeconds:0} s")),
                ("peak in flight", Number(usage.PeakInFlight)),
                ("refusals", string.Join(", ", usage.Refusals.Select(refusal => $"{Number(refusal.Value)} {refusal.Key}"))),
                ("shadow refusals", usage.ShadowRefusals == 0 ? null : Number(usage.ShadowRefusals)),
                ("limits", string.Join("; ", usage.Forecast?.Select(Text) ?? [])));
            if (call.Terminal.AsJson || usage.Days.Count == 0)
                return;
            call.Terminal.Line("");
            await call.Terminal.ShowAsync(
                usage.Days.ToAsyncEnumerable(),
                int.MaxValue,
                ContractJson.Default.UsageDayView,
                ["DAY", "ACCEPTED", "COMPLETED", "FAILED", "CANCELLED", "ATTEMPTS", "AGENT SECONDS", "PEAK"],
                day =>
                [
                    day.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Number(day.Runs.Accepted), Number(day.Runs.Completed), Number(day.Runs.Failed), Number(day.Runs.Cancelled),
                    Number(day.Attempts), day.AgentSeconds.ToString("0", CultureInfo.InvariantCulture), Number(day.PeakInFlight),
                ]);
        });

        line.Add(null, new Command("verify", "Whether a tenant's audit is whole and unchanged, and its cap was kept; exits with 1 if not"), async (call, cancellationToken) =>
        {
            var found = await call.Client.Tenants.VerifyAuditAsync(await call.TenantAsync(cancellationToken), cancellationToken);
            call.Terminal.Show(
                found,
                ContractJson.Default.AuditVerification,
                ("chain", found.Chain),
                ("broken", found.BrokenAt is { } broken ? $"{broken.Problem} ({Terminal.Time(broken.At)} {broken.Id})" : null),
                ("rows", string.Create(CultureInfo.InvariantCulture, $"{found.Rows}{(found.IsWhole ? "" : ", and older ones that were not looked at")}")),
                ("unchained", found.Unchained == 0 ? null : Number(found.Unchained)),
                ("from", Terminal.Time(found.From)),
                ("to", Terminal.Time(found.To)),
                ("peak in flight", Number(found.PeakInFlight)),
                ("over the limit", string.Create(CultureInfo.InvariantCulture, $"{found.OverLimit} of {found.Transitions} times")));
            return found.Chain == "intact" && found.OverLimit == 0 ? ExitCode.Done : ExitCode.Refused;
        });
    }

    private static string Text(RunCountsView runs) => string.Create(
        CultureInfo.InvariantCulture, $"{runs.Accepted} accepted, {runs.Completed} completed, {runs.Failed} failed, {runs.Cancelled} cancelled");

    private static string Text(LimitForecastView limit) => string.Create(
        CultureInfo.InvariantCulture, $"{limit.Code} {limit.Used} of {limit.Limit}{(limit.ReachedOn is { } day ? $", reached on {day:yyyy-MM-dd}" : "")}");

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
