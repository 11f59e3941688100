using System.Globalization;
using System.Xml;
using Headgate.Infrastructure.Tests.Deployed;
using Headgate.Infrastructure.Tests.Firing.Language;
using Headgate.Infrastructure.Tests.Firing.Telemetry;
using Headgate.Infrastructure.Tests.Kusto;

namespace Headgate.Infrastructure.Tests.Firing;

/// <summary>
/// A deployed alert as Azure Monitor decides it: https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-overview. A property that would decide
/// and is not read here is refused.
/// </summary>
internal abstract class Alert(DeployedResource resource)
{
    /// <summary>Checks in a row that must not meet the condition until a fired alert is resolved: of metric rules, and of query rules checked each 5 to 15 minutes.</summary>
    public const int ChecksToResolve = 3;

    public TimeSpan Frequency { get; } = Time(resource, "evaluationFrequency");

    protected TimeSpan Window { get; } = Time(resource, "windowSize");

    protected DeployedResource Resource => resource;

    /// <param name="resource">A rule of Azure Monitor.</param>
    /// <param name="trees">Of queries, by their text.</param>
    public static Alert Of(DeployedResource resource, IReadOnlyDictionary<string, KustoNode> trees)
    {
        foreach (var property in (string[])["criteria.allOf.1", "criteria.allOf.0.resourceIdColumn", "muteActionsDuration", "resolveConfiguration", "criteria.allOf.0.skipMetricValidation"])
        {
            if (resource[$"properties.{property}"] is not null)
                throw new NotSupportedException($"{resource.Name}: {property} is not known here.");
        }

        return (resource.Type, resource["kind"], resource["properties.criteria.allOf.0.criterionType"], resource["properties.criteria.failedLocationCount"]) switch
        {
            ("Microsoft.Insights/scheduledQueryRules", "LogAlert", null, null) => new QueryAlert(resource, trees),
            ("Microsoft.Insights/metricAlerts", null, "StaticThresholdCriterion", null) => new MetricAlert(resource),
            ("Microsoft.Insights/metricAlerts", null, null, not null) => new AvailabilityAlert(resource),
            _ => throw new NotSupportedException($"{resource.Name} is of a kind that is not known here."),
        };
    }

    /// <summary>Whether the condition is met at a check.</summary>
    public abstract bool IsMet(Site site, DateTime now);

    protected static TimeSpan Time(DeployedResource resource, string property) => XmlConvert.ToTimeSpan(Text(resource, property));

    protected static double Number(DeployedResource resource, string property) => double.Parse(Text(resource, property), CultureInfo.InvariantCulture);

    protected static string Text(DeployedResource resource, string property) =>
        resource[$"properties.{property}"] ?? throw new NotSupportedException($"{resource.Name} has no {property}.");

    protected static bool Passes(string comparison, double value, double threshold) => comparison switch
    {
        "GreaterThan" => value > threshold,
        "GreaterThanOrEqual" => value >= threshold,
        "LessThan" => value < threshold,
        "LessThanOrEqual" => value <= threshold,
        _ => throw new NotSupportedException($"'{comparison}' is not known here."),
    };

    protected static double? Aggregated(string aggregation, IReadOnlyCollection<double> values) => (aggregation, values.Count) switch
    {
        (_, 0) => null,
        ("Minimum", _) => values.Min(),
        ("Maximum", _) => values.Max(),
        _ => throw new NotSupportedException($"'{aggregation}' is not known here."),
    };
}

/// <summary>A query's column, put together over its rows, against a threshold. No row is no alert.</summary>
internal sealed class QueryAlert : Alert
{
    /// <summary>Of Application Insights. The workspace has the same rows by other names, and its own operations.</summary>
    public static readonly IReadOnlyList<string> TablesOfComponent = ["customMetrics", "requests"];

    private const string Condition = "criteria.allOf.0";

    private readonly Query _query;
    private readonly TimeSpan _range;
    private readonly IReadOnlyList<string> _tables;

    public QueryAlert(DeployedResource resource, IReadOnlyDictionary<string, KustoNode> trees)
        : base(resource)
    {
        _query = new Query(trees[Text(resource, $"{Condition}.query")]);
        _range = resource["properties.overrideQueryTimeRange"] is null ? Window : Time(resource, "overrideQueryTimeRange");
        _tables = (Text(resource, "scopes.0"), resource["properties.scopes.1"]) switch
        {
            ("<monitoring.insightsId>", null) => TablesOfComponent,
            ("<monitoring.workspaceId>", null) => ["_LogOperation"],
            _ => throw new NotSupportedException($"{resource.Name}: its scope is not known here."),
        };
        if (resource[$"properties.{Condition}.dimensions"] is not null
            || Text(resource, $"{Condition}.failingPeriods.numberOfEvaluationPeriods") != "1" || Text(resource, $"{Condition}.failingPeriods.minFailingPeriodsToAlert") != "1")
        {
            throw new NotSupportedException($"{resource.Name}: dimensions and several periods are not known here.");
        }
    }

    public override bool IsMet(Site site, DateTime now)
    {
        var column = Text(Resource, $"{Condition}.metricMeasureColumn");
        double[] values = [.. _query.Answer(site.Tables(now, _range, _tables), now).Select(row => row[column]).OfType<object>().Select(Operators.Real)];
        return Aggregated(Text(Resource, $"{Condition}.timeAggregation"), values) is { } value
            && Passes(Text(Resource, $"{Condition}.operator"), value, Number(Resource, $"{Condition}.threshold"));
    }
}

/// <summary>A metric of the platform, put together over the window, against a threshold.</summary>
internal sealed class MetricAlert(DeployedResource resource) : Alert(resource)
{
    private const string Condition = "criteria.allOf.0";

    public override bool IsMet(Site site, DateTime now)
    {
        var (dimension, entity) = (Text(Resource, $"{Condition}.dimensions.0.name"), Text(Resource, $"{Condition}.dimensions.0.values.0"));
        if (dimension != "EntityName" || Resource[$"properties.{Condition}.dimensions.1"] is not null || Resource[$"properties.{Condition}.dimensions.0.values.1"] is not null)
            throw new NotSupportedException($"{Resource.Name}: its dimensions are not known here.");
        double[] values = [.. site.QueueMetrics.Where(each => each.At < now && each.At >= now - Window && each.Entity == entity && each.Metric == Text(Resource, $"{Condition}.metricName")).Select(each => each.Least)];
        return Aggregated(Text(Resource, $"{Condition}.timeAggregation"), values) is { } value
            && Passes(Text(Resource, $"{Condition}.operator"), value, Number(Resource, $"{Condition}.threshold"));
    }
}

/// <summary>How many places of an availability test could not reach the service in the window.</summary>
internal sealed class AvailabilityAlert(DeployedResource resource) : Alert(resource)
{
    public override bool IsMet(Site site, DateTime now) =>
        site.Availability.Where(each => each.At < now && each.At >= now - Window && !each.Reached).Select(each => each.Place).Distinct(StringComparer.Ordinal).Count()
            >= Number(Resource, "criteria.failedLocationCount");
}
