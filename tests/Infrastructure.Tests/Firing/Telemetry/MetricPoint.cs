using System.Globalization;
using System.Text.Json;
using Headgate.Infrastructure.Tests.Firing.Language;

namespace Headgate.Infrastructure.Tests.Firing.Telemetry;

/// <summary>A data point as the exporter sends it. Gauges and counters have a value alone; histograms the sum as their value, and the rest.</summary>
/// <param name="Labels">Ordered by name, <c>queue=runs state=active</c>.</param>
internal sealed record MetricPoint(string Name, string Labels, double Value, int? Count = null, double? Min = null, double? Max = null)
{
    /// <summary>The points in what the exporter has sent: one envelope a line, each with one point.</summary>
    public static IReadOnlyList<MetricPoint> Read(string envelopes) =>
        [.. from line in envelopes.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            let data = JsonElement.Parse(line).GetProperty("data")
            where data.GetProperty("baseType").GetString() == "MetricData"
            let body = data.GetProperty("baseData")
            let point = body.GetProperty("metrics").EnumerateArray().Single()
            let labels = body.TryGetProperty("properties", out var properties) ? properties.Deserialize<Dictionary<string, string>>()! : []
            select new MetricPoint(
                point.GetProperty("name").GetString()!,
                Joined(labels.Select(label => KeyValuePair.Create(label.Key, (object?)label.Value))),
                point.GetProperty("value").GetDouble(),
                point.TryGetProperty("count", out var count) ? count.GetInt32() : null,
                point.TryGetProperty("min", out var min) ? min.GetDouble() : null,
                point.TryGetProperty("max", out var max) ? max.GetDouble() : null)];

    public static string Joined(IEnumerable<KeyValuePair<string, object?>> labels) =>
        string.Join(' ', labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));

    /// <summary>The row of <c>customMetrics</c> that Application Insights makes of it: what was not sent is that of a single measurement.</summary>
    public Row At(DateTime time, string instance) => new()
    {
        ["timestamp"] = time,
        ["name"] = Name,
        ["value"] = Value / (Count ?? 1),
        ["valueCount"] = (long)(Count ?? 1),
        ["valueSum"] = Value,
        ["valueMin"] = Min ?? Value,
        ["valueMax"] = Max ?? Value,
        ["customDimensions"] = JsonSerializer.SerializeToElement(
            Labels.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(label => label.Split('=', 2)).ToDictionary(label => label[0], label => label[1], StringComparer.Ordinal)),
        ["cloud_RoleInstance"] = instance,
        ["itemCount"] = 1L,
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} {Value}{(Labels.Length > 0 ? " " : "")}{Labels}");
}
