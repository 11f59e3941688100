using System.Globalization;
using System.Text;
using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Core.Admission;
using Headgate.Core.Metering;
using Headgate.Functions.Admission;
using Headgate.Functions.Security;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Tenants;

/// <summary><c>GET /tenants/{t}/usage</c>: a month of what the tenant used, this one unless another is named, as JSON or as a table of its days.</summary>
public sealed class ReadUsage(TenantReader tenants, UsageReader usage, RefusalTally tally, TimeProvider clock)
{
    private static readonly Dictionary<string, int> s_noRefusals = [];

    [Function(nameof(ReadUsage)), Access(Permission.TenantRead), Query("month")]
    [Does("Read what was used in a month"), Answers(200, typeof(UsageView)), Answers(200, MediaType = "text/csv")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}/usage")] HttpRequest request, string tenantId, CancellationToken cancellationToken)
    {
        var problems = UnknownParameters.ProblemsOf(request);
        var now = clock.GetUtcNow();
        var thisMonth = MonthUsage.MonthOf(UsagePiece.DayOf(now));
        var month = thisMonth;
        if (Paging.Single(request, "month", problems) is { } text)
        {
            if (MonthUsage.Parse(text) is { } named)
                month = named;
            else
                problems.Add("month", "must be a month as in 2026-02");
        }

        if (problems.Any)
            return Reply.Refused(Refusals.InvalidRequest(problems));
        await tally.WriteAsync(cancellationToken);
        if (await tenants.ReadAsync(tenantId, cancellationToken) is not { } tenant)
            return Reply.Refused(Refusals.TenantNotFound(tenantId));

        var used = await usage.ReadAsync(tenant, month, cancellationToken);
        var refusals = await usage.RefusalsAsync(tenantId, month, cancellationToken);
        var view = View(used, refusals, month == thisMonth ? Forecast(tenant.Ledger, used, now) : null);
        return request.Headers.Accept.ToString().Contains(CsvReply.MediaType, StringComparison.OrdinalIgnoreCase)
            ? new CsvReply(Table(view))
            : Reply.Ok(view, ContractJson.Default.UsageView);
    }

    private static UsageView View(MonthUsage used, IReadOnlyDictionary<DateOnly, Dictionary<string, int>> refusals, List<LimitForecastView>? forecast) => new(
        MonthUsage.NameOf(used.Month),
        Runs(used.Total),
        used.Total.Attempts,
        Seconds(used.Total),
        used.Total.PeakInFlight,
        refusals.Values.SelectMany(day => day).GroupBy(code => code.Key, StringComparer.Ordinal).OrderBy(code => code.Key, StringComparer.Ordinal)
            .ToDictionary(code => code.Key, code => code.Sum(day => day.Value), StringComparer.Ordinal),
        used.Total.ShadowRefusals,
        [
            .. used.Days.Select(day => new UsageDayView(
                day.Day, Runs(day.Counts), day.Counts.Attempts, Seconds(day.Counts), day.Counts.PeakInFlight, refusals.GetValueOrDefault(day.Day, s_noRefusals), day.Counts.ShadowRefusals)),
        ],
        forecast);

    private static RunCountsView Runs(UsageCounts counts) => new(counts.Accepted, counts.Completed, counts.Failed, counts.Cancelled);

    private static double Seconds(UsageCounts counts) => counts.AgentMilliseconds / 1000.0;

    private static List<LimitForecastView> Forecast(Ledger ledger, MonthUsage used, DateTimeOffset now)
    {
        var basis = UsageForecast.BasisOf(now);
        var recently = used.Days.Where(day => day.Day >= basis).Aggregate(UsageCounts.None, static (sum, day) => sum + day.Counts);
        return
        [
            .. SoftLimits.All(ledger, now).Select(use => new LimitForecastView(
                use.Code, use.Used, use.Limit, UsageForecast.DayReached(use.Used, use.Limit, use.Code == SoftLimits.BudgetAgentSeconds ? Seconds(recently) : recently.Accepted, now))),
        ];
    }

    private static byte[] Table(UsageView view)
    {
        var text = new StringBuilder("date,accepted,completed,failed,cancelled,attempts,agentSeconds,peakInFlight,shadowRefusals,refusals\r\n");
        foreach (var day in view.Days)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{day.Date:yyyy-MM-dd},{day.Runs.Accepted},{day.Runs.Completed},{day.Runs.Failed},{day.Runs.Cancelled},{day.Attempts},{day.AgentSeconds},{day.PeakInFlight},{day.ShadowRefusals},{day.Refusals.Values.Sum()}\r\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
