using System.Globalization;
using Headgate.Functions.Api.Agents;
using Headgate.Functions.Api.Runs;
using Headgate.Functions.Api.Schedules;
using Headgate.Infrastructure.Tests.Deployed;

namespace Headgate.Infrastructure.Tests.Rules;

/// <summary>What is deployed for each rule, held to the rule by a reading of its own.</summary>
internal static class AlertAgreement
{
    private const string Metric = "Microsoft.Insights/metricAlerts";
    private const string Query = "Microsoft.Insights/scheduledQueryRules";

    /// <summary>Functions whose answer may wait as long as the caller likes.</summary>
    public static readonly IReadOnlyList<string> HeldCalls =
        [nameof(ClaimTasks), "StreamRunEvents", "StreamTenantEvents", nameof(SubmitRun), nameof(Foreman), nameof(TriggerSchedule)];

    /// <param name="rules">Of <c>infra/alert-rules.json</c>.</param>
    /// <param name="overrides">Thresholds that the parameter file sets, by rule id.</param>
    /// <param name="deployment">What the parameter file deploys.</param>
    public static IEnumerable<string> Differences(IReadOnlyList<AlertRule> rules, IReadOnlyDictionary<string, long> overrides, Deployment deployment)
    {
        var deployed = deployment.All(Metric).Concat(deployment.All(Query)).ToDictionary(alert => alert.Name, StringComparer.Ordinal);
        var prefix = $"headgate-{deployment.Single("Microsoft.Resources/resourceGroups").Name["rg-headgate-".Length..]}";

        return overrides.Keys.Except(rules.Select(rule => rule.Id)).Select(id => $"the threshold of '{id}' is overridden, which is no rule")
            .Concat(deployed.Keys.Except(rules.Select(rule => $"{prefix}-{rule.Id}")).Select(name => $"'{name}' is no rule's alert"))
            .Concat(rules.SelectMany(rule => deployed.TryGetValue($"{prefix}-{rule.Id}", out var alert)
                ? Differences(rule, alert, overrides.GetValueOrDefault(rule.Id, rule.Threshold)).Select(each => $"{rule.Id}: {each}")
                : [$"{rule.Id}: has no alert"]));
    }

    private static IEnumerable<string> Differences(AlertRule rule, DeployedResource alert, long threshold) =>
        Common(rule, alert).Concat(rule.Signal.Source switch
        {
            "queue" => OfQueue(rule, alert, threshold),
            "availability" => Unlike(alert, "criteria.failedLocationCount", Number(threshold + 1)),
            "workspace" => OfQuery(rule, alert, threshold, "<monitoring.workspaceId>"),
            _ => OfQuery(rule, alert, threshold, "<monitoring.insightsId>"),
        });

    private static IEnumerable<string> Common(AlertRule rule, DeployedResource alert) =>
        Unlike(alert, "severity", Number(rule.AzureSeverity))
            .Concat(Unlike(alert, "windowSize", $"PT{rule.ForMinutes}M"))
            .Concat(Unlike(alert, "autoMitigate", "true"))
            .Concat(Unlike(alert, alert.Type == Metric ? "actions.0.actionGroupId" : "actions.actionGroups.0", "<receivers.id>"))
            .Concat(Lacks(alert, "description", rule.Title, rule.Description, $"docs/runbooks/{rule.Runbook}"));

    private static IEnumerable<string> OfQueue(AlertRule rule, DeployedResource alert, long threshold) =>
        IsOfType(alert, Metric)
            .Concat(Unlike(alert, "scopes.0", "<bus.id>"))
            .Concat(Unlike(alert, "criteria.allOf.0.metricName", rule.Signal.Metric!))
            .Concat(Unlike(alert, "criteria.allOf.0.timeAggregation", "Minimum"))
            .Concat(Unlike(alert, "criteria.allOf.0.operator", "GreaterThan"))
            .Concat(Unlike(alert, "criteria.allOf.0.threshold", Number(threshold)))
            .Concat(Unlike(alert, "criteria.allOf.0.dimensions.0.name", "EntityName"))
            .Concat(Unlike(alert, "criteria.allOf.0.dimensions.0.values.0", rule.Signal.Labels["queue"]));

    private static IEnumerable<string> OfQuery(AlertRule rule, DeployedResource alert, long threshold, string scope) =>
        IsOfType(alert, Query)
            .Concat(Unlike(alert, "scopes.0", scope))
            .Concat(Unlike(alert, "criteria.allOf.0.operator", "GreaterThan"))
            .Concat(Unlike(alert, "criteria.allOf.0.threshold", Number(threshold)))
            .Concat(Unlike(alert, "criteria.allOf.0.metricMeasureColumn", "lowest"))
            .Concat(Lacks(alert, "criteria.allOf.0.query", [.. Expected(rule)]));

    private static IEnumerable<string> Expected(AlertRule rule)
    {
        var signal = rule.Signal;
        var windows = rule.ForMinutes / rule.WindowMinutes;
        var readings = signal.Source == "counter" ? windows : Math.Max(1, windows * 2 / 3);
        yield return $"timestamp >= ago({rule.ForMinutes + 3}m) and timestamp < ago(3m)";
        if (signal.Source == "workspace")
        {
            yield return "_LogOperation\n";
            yield return $"Detail contains \"{signal.Operation}\"\n| summarize lowest = count()";
            yield break;
        }

        foreach (var (name, value) in signal.Labels)
            yield return $"customDimensions[\"{name}\"]) == \"{value}\"";
        yield return signal.Source == "requests" ? "requests\n" : "customMetrics\n";
        if (signal.Source != "requests")
            yield return $"\"{signal.Instrument}\"";
        if (signal.Source is "gauge" or "counter")
        {
            yield return $"reading = {(signal.Source == "gauge" ? "max(valueMax)" : "sum(valueSum)")} by bin_at(timestamp, {rule.WindowMinutes}m, ago(3m))";
            yield return string.Create(CultureInfo.InvariantCulture, $"readings >= {readings}");
        }
        else
        {
            yield return $"whole >= {signal.MinimumCount}";
        }

        if (signal.Per is not null)
            yield return $"\"{signal.Per}\"";
        if (signal.Measure is not null)
            yield return signal.Measure == "p95-seconds" ? "percentilew(duration, itemCount, 95)" : "toint(resultCode) >= 500";
        if (signal.Measure == "p95-seconds")
            yield return $"name !in ({string.Join(", ", HeldCalls.Select(name => $"\"{name}\""))})";
    }

    private static IEnumerable<string> IsOfType(DeployedResource alert, string type) => alert.Type == type ? [] : [$"is a {alert.Type}, not a {type}"];

    private static IEnumerable<string> Unlike(DeployedResource alert, string property, string expected)
    {
        var actual = alert[$"properties.{property}"];
        return actual == expected ? [] : [$"{property.Split('.').Last(part => !char.IsAsciiDigit(part[0]))} is '{actual}', not '{expected}'"];
    }

    private static IEnumerable<string> Lacks(DeployedResource alert, string property, params IEnumerable<string> parts)
    {
        var text = alert[$"properties.{property}"] ?? "";
        return parts.Where(part => !text.Contains(part, StringComparison.Ordinal)).Select(part => $"the {property.Split('.')[^1]} lacks '{part}'");
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
