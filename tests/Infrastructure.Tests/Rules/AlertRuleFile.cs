using System.Text.Json;
using Headgate.Infrastructure.Tests.Bicep;

namespace Headgate.Infrastructure.Tests.Rules;

internal sealed record AlertSignal(
    string Source,
    Dictionary<string, string> Labels,
    string? Instrument = null,
    string? Metric = null,
    string? Measure = null,
    string? Per = null,
    int? MinimumCount = null);

internal sealed record AlertRule(
    string Id, string Title, AlertSignal Signal, string Operator, int Threshold, int WindowMinutes, int ForMinutes, string Severity, string Description, string Runbook)
{
    /// <summary>The number that Azure Monitor has for the severity.</summary>
    public long AzureSeverity => Array.IndexOf(["critical", "error", "warning", "info"], Severity);
}

/// <summary><c>infra/alert-rules.json</c>, read without Bicep.</summary>
internal static class AlertRuleFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<AlertRule> Read(BicepSources sources) =>
        JsonElement.Parse(sources["alert-rules.json"]).GetProperty("rules").Deserialize<List<AlertRule>>(Options)!;

    public static IReadOnlyList<string> AgainstSchema(BicepSources sources) =>
        new JsonSchema(JsonElement.Parse(sources["alert-rules.schema.json"])).Check(JsonElement.Parse(sources["alert-rules.json"]));
}
