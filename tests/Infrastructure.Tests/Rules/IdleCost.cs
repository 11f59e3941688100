using System.Globalization;
using Headgate.Infrastructure.Tests.Deployed;

namespace Headgate.Infrastructure.Tests.Rules;

/// <summary>What an environment costs a month while nobody uses it, in USD, counted from what is deployed and the prices in <c>Facts/prices.txt</c>.</summary>
internal static class IdleCost
{
    private const int MinutesAMonth = 730 * 60;
    private const int SecondsAMonth = 730 * 3600;

    private static readonly Dictionary<string, double> Prices = File.ReadLines(Repository.Full("tests/Infrastructure.Tests/Facts/prices.txt"))
        .Where(line => line.Length > 0 && !line.StartsWith('#'))
        .Select(line => line.Split(' ')).ToDictionary(parts => parts[0], parts => double.Parse(parts[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);

    /// <summary>Runs of timers and calls of the availability test. Each is billed for a second at least.</summary>
    public static int Calls(Deployment deployment)
    {
        var settings = Settings.Of(deployment);
        var ticks = ScaleGroups.Schedules.Sum(schedule => TimesAMinute(settings[schedule]) * MinutesAMonth);
        return ticks + AvailabilityCalls(deployment);
    }

    public static string OfCalls(Deployment deployment, int memoryMB)
    {
        var calls = Calls(deployment);
        var seconds = Math.Max(0, (calls * memoryMB / 1024.0) - Prices["flex-free-gb-seconds"]) * Prices["flex-gb-second"];
        var each = Math.Max(0, calls - Prices["flex-free-calls"]) * Prices["flex-million-calls"] / 1e6;
        return Dollars(seconds + each);
    }

    public static string AlwaysReady(int instances, int memoryMB) => Dollars(instances * SecondsAMonth * (memoryMB / 1024.0) * Prices["always-ready-gb-second"]);

    public static string QueryAlerts(Deployment deployment) => Dollars(deployment.All("Microsoft.Insights/scheduledQueryRules").Count() * Prices["query-alert-month"]);

    public static string MetricAlerts(Deployment deployment) => Dollars(deployment.All("Microsoft.Insights/metricAlerts").Count() * Prices["metric-alert-month"]);

    public static string Availability(Deployment deployment) => Dollars(AvailabilityCalls(deployment) * Prices["availability-call"]);

    public static string ServiceBus(Deployment deployment) => Dollars(Prices[$"service-bus-{deployment.Single("Microsoft.ServiceBus/namespaces")["sku.name"]!.ToLowerInvariant()}-month"]);

    public static string Network(Deployment deployment) =>
        Dollars((deployment.All("Microsoft.Network/privateEndpoints").Count() * Prices["endpoint-month"]) + (deployment.All("Microsoft.Network/privateDnsZones").DistinctBy(zone => zone.Id).Count() * Prices["dns-zone-month"]));

    private static int AvailabilityCalls(Deployment deployment)
    {
        var test = deployment.Single("Microsoft.Insights/webtests");
        var places = Enumerable.Range(0, 16).Count(i => test[$"properties.Locations.{i}.Id"] is not null);
        return places * SecondsAMonth / int.Parse(test["properties.Frequency"]!, CultureInfo.InvariantCulture);
    }

    // Of expressions with six fields, the first of which alone is no asterisk: '0' or '*/15'.
    private static int TimesAMinute(string schedule) => schedule.Split(' ') switch
    {
        [['*', '/', .. var every], "*", "*", "*", "*", "*"] => 60 / int.Parse(every, CultureInfo.InvariantCulture),
        [_, "*", "*", "*", "*", "*"] => 1,
        _ => throw new NotSupportedException($"'{schedule}' is not counted here."),
    };

    private static string Dollars(double amount) => amount.ToString("#,0.00", CultureInfo.InvariantCulture);
}
