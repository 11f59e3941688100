using System.Globalization;
using Headgate.Infrastructure.Tests.Bicep;
using Headgate.Infrastructure.Tests.Bicep.Evaluation;

namespace Headgate.Infrastructure.Tests.Rules;

/// <summary>What is deployed for each rule, held to the rule by a reading of its own.</summary>
internal static class AlertAgreement
{
    private const string Metric = "Microsoft.Insights/metricAlerts";
    private const string Query = "Microsoft.Insights/scheduledQueryRules";

    public static IEnumerable<string> Of(BicepSources sources, string parameterFile)
    {
        var rules = AlertRuleFile.Read(sources);
        var deployment = Deployment.Of(sources, parameterFile);
        var deployed = deployment.All(Metric).Concat(deployment.All(Query)).ToDictionary(alert => alert.Name, StringComparer.Ordinal);
        var overrides = Overrides(sources, parameterFile);
        var prefix = $"headgate-{deployment.Single("Microsoft.Resources/resourceGroups").Name["rg-headgate-".Length..]}";

        return overrides.Keys.Except(rules.Select(rule => rule.Id)).Select(id => $"{parameterFile} overrides the threshold of '{id}', which is no rule")
            .Concat(deployed.Keys.Except(rules.Select(rule => $"{prefix}-{rule.Id}")).Select(name => $"'{name}' is no rule's alert"))
            .Concat(rules.SelectMany(rule => deployed.TryGetValue($"{prefix}-{rule.Id}", out var alert)
                ? Differences(rule, alert, overrides.GetValueOrDefault(rule.Id, rule.Threshold)).Select(each => $"{rule.Id}: {each}")
                : [$"{rule.Id}: has no alert"]));
    }

    private static IEnumerable<string> Differences(AlertRule rule, DeployedResource alert, long threshold)
    {
        var criteria = (Dictionary<string, object?>)alert["properties.criteria"]!;
        var first = (criteria.GetValueOrDefault("allOf") as List<object?>)?.Single() as Dictionary<string, object?> ?? criteria;
        return Common(rule, alert).Concat(rule.Signal.Source switch
        {
            "queue" => OfQueue(rule, alert, first, threshold),
            "availability" => Unlike("failedLocationCount", threshold + 1, first["failedLocationCount"]),
            _ => OfQuery(rule, alert, first, threshold),
        });
    }

    private static IEnumerable<string> Common(AlertRule rule, DeployedResource alert) =>
        Unlike("severity", rule.AzureSeverity, alert["properties.severity"])
            .Concat(Unlike("windowSize", $"PT{rule.ForMinutes}M", alert["properties.windowSize"]))
            .Concat(Unlike("autoMitigate", true, alert["properties.autoMitigate"]))
            .Concat(Contains("description", alert["properties.description"], rule.Title, rule.Description, $"docs/runbooks/{rule.Runbook}"))
            .Concat(Unlike("whether it tells anybody", true, (alert["properties.actions"] ?? alert["properties.actions.actionGroups"]) is not null));

    private static IEnumerable<string> OfQueue(AlertRule rule, DeployedResource alert, Dictionary<string, object?> criterion, long threshold)
    {
        var dimension = (Dictionary<string, object?>)((List<object?>)criterion["dimensions"]!).Single()!;
        return Unlike("type", Metric, alert.Type)
            .Concat(Unlike("metric", rule.Signal.Metric, criterion["metricName"]))
            .Concat(Unlike("aggregation", "Minimum", criterion["timeAggregation"]))
            .Concat(Unlike("operator", "GreaterThan", criterion["operator"]))
            .Concat(Unlike("threshold", threshold, criterion["threshold"]))
            .Concat(Unlike("dimension", "EntityName", dimension["name"]))
            .Concat(Unlike("queue", rule.Signal.Labels["queue"], ((List<object?>)dimension["values"]!).Single()));
    }

    private static IEnumerable<string> OfQuery(AlertRule rule, DeployedResource alert, Dictionary<string, object?> criterion, long threshold)
    {
        var query = (string)criterion["query"]!;
        return Unlike("type", Query, alert.Type)
            .Concat(Unlike("operator", "GreaterThan", criterion["operator"]))
            .Concat(Unlike("threshold", threshold, criterion["threshold"]))
            .Concat(Unlike("column", "lowest", criterion["metricMeasureColumn"]))
            .Concat(Contains("query", query, [.. Expected(rule)]));
    }

    private static IEnumerable<string> Expected(AlertRule rule)
    {
        var signal = rule.Signal;
        var samples = Math.Max(1, (rule.ForMinutes / rule.WindowMinutes) - 1);
        foreach (var (name, value) in signal.Labels)
            yield return $"customDimensions[\"{name}\"]) == \"{value}\"";
        yield return signal.Source == "requests" ? "requests\n" : "customMetrics\n";
        if (signal.Source != "requests")
            yield return $"\"{signal.Instrument}\"";
        if (signal.Source is "gauge" or "counter")
        {
            yield return $"sample = {(signal.Source == "gauge" ? "max(valueMax)" : "sum(valueSum)")} by bin_at(timestamp, {rule.WindowMinutes}m, ago(3m))";
            yield return $"ago({rule.ForMinutes + 3}m) .. ago(3m)";
            yield return string.Create(CultureInfo.InvariantCulture, $"samples >= {samples}");
        }
        else
        {
            yield return $"timestamp > ago({rule.ForMinutes}m)";
            yield return $"whole >= {signal.MinimumCount}";
        }

        if (signal.Per is not null)
            yield return $"\"{signal.Per}\"";
        if (signal.Measure is not null)
            yield return signal.Measure == "p95-seconds" ? "percentilew(duration, itemCount, 95)" : "toint(resultCode) >= 500";
    }

    private static Dictionary<string, long> Overrides(BicepSources sources, string parameterFile)
    {
        var file = new BicepProgram(sources).Find(parameterFile)!;
        var value = file.All<Bicep.Syntax.Assignment>().FirstOrDefault(each => each.Name == "alertThresholds")?.Value as Bicep.Syntax.ObjectExpression;
        return value?.Properties.ToDictionary(property => property.Name!, property => (long)((Bicep.Syntax.LiteralExpression)property.Value).Value!, StringComparer.Ordinal) ?? [];
    }

    private static IEnumerable<string> Unlike(string what, object? expected, object? actual) =>
        Equals(expected, actual) ? [] : [$"{what} is '{actual}', not '{expected}'"];

    private static IEnumerable<string> Contains(string what, object? text, params IEnumerable<string> parts) =>
        parts.Where(part => !((string)text!).Contains(part, StringComparison.Ordinal)).Select(part => $"the {what} lacks '{part}'");
}
