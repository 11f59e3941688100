using Headgate.Infrastructure.Tests.Firing.Telemetry;
using Headgate.Infrastructure.Tests.Rules;

namespace Headgate.Infrastructure.Tests.Firing.Cases;

/// <summary>
/// The workspace writes an operation when it stops taking telemetry, once, and others for whatever else happens to it. The state of its intake
/// ends the detail: https://learn.microsoft.com/azure/azure-monitor/logs/daily-cap
/// </summary>
internal static class OperationCases
{
    public const string AtCap = "OverQuota";

    /// <summary>https://learn.microsoft.com/dotnet/api/azure.resourcemanager.operationalinsights.models.operationalinsightsdataingestionstatus</summary>
    private static readonly string[] s_otherStates = ["RespectQuota", "ApproachingQuota", "ForceOn", "ForceOff", "SubscriptionSuspended"];

    public static IReadOnlyList<FiringCase> Of(AlertRule rule)
    {
        if (rule.Signal.Operation != AtCap)
            throw new NotSupportedException($"{rule.Id} has no cases.");
        var (minutes, fine, over) = (rule.ForMinutes, rule.Threshold, rule.Threshold + 1);

        FiringCase Once(string name, bool fires, int at, Action<Site> happens) => new(name, fires, site => site.Pass(minutes, minute => { if (minute == at) happens(site); }));

        return
        [
            Once("the cap is reached", true, minutes / 2, site => Write(site, AtCap, over)),
            Once("it is reached at the first instant of the time", true, 0, site => Write(site, AtCap, over)),
            Once("it is reached in the last minute", true, minutes - 1, site => Write(site, AtCap, over)),
            Once("it is reached as often as the threshold", false, minutes / 2, site => Write(site, AtCap, fine)),
            Once("it is reached amid operations of other kinds", true, minutes / 2, site =>
            {
                WriteOthers(site);
                Write(site, AtCap, over);
                WriteOthers(site);
            }),
            Once("it is reached and raised at once", true, minutes / 2, site =>
            {
                Write(site, AtCap, over);
                Write(site, "RespectQuota", over);
            }),
            new("every other operation is written each minute", false, site => site.Pass(minutes, _ => WriteOthers(site))),
            new("no operation is written", false, site => site.Pass(minutes, _ => { })),
            new("it was reached a minute before the time", false, site =>
            {
                site.Pass(1, _ => Write(site, AtCap, over));
                site.Pass(minutes, _ => { });
            }),
            new("it is reached at the instant at which the time has ended", false, site => site.Pass(minutes, _ => { }))
            {
                Since = (site, minute) => Write(site, AtCap, minute == 0 ? over : 0),
            },
            new("it is reached since the time has ended", false, site => site.Pass(minutes, _ => { })) { Since = (site, minute) => Write(site, AtCap, minute > 0 ? over : 0) },
            new("operations take three minutes to arrive", true, site =>
            {
                site.Delay = TimeSpan.FromMinutes(3);
                site.Pass(minutes, minute => { if (minute == minutes - 1) Write(site, AtCap, over); });
            }),
        ];
    }

    /// <summary>Writes that the intake came into a state.</summary>
    public static void Write(Site site, string state, int times)
    {
        for (var i = 0; i < times; i++)
            site.Operated("Ingestion", "Data collection status", "Warning", $"The intake has changed. Ingestion status = {state}");
    }

    private static void WriteOthers(Site site)
    {
        foreach (var state in s_otherStates)
            Write(site, state, 1);
        site.Operated("Ingestion", "Ingestion rate", "Error", "More than 500.00 MB came in a minute, and some were dropped.");
        site.Operated("Ingestion", "Field content validation", "Warning", "The field message of the table AppTraces was cut to 32768 bytes.");
        site.Operated("Agent", "Linux Agent", "Warning", "Settings were not taken over.");
        site.Operated("Data collection", "Azure Activity Log collection", "Error", "");
    }
}
