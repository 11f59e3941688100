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
    int? MinimumCount = null,
    string? Operation = null);

internal sealed record AlertApp(int? ClearAt = null, string? NoData = null, string? NotMeasured = null);

internal sealed record AlertRule(
    string Id, string Title, AlertSignal Signal, AlertApp App, string Operator, int Threshold, int WindowMinutes, int ForMinutes, string Severity, string Description, string Runbook)
{
    /// <summary>The number that Azure Monitor has for the severity.</summary>
    public long AzureSeverity => Array.IndexOf(["critical", "error", "warning", "info"], Severity);
}

/// <summary><c>infra/alert-rules.json</c>, read without Bicep.</summary>
internal static class AlertRuleFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static string OfRepository { get; } = Sources.Text("alert-rules.json");

    public static IReadOnlyList<AlertRule> Read(string file) => JsonElement.Parse(file).GetProperty("rules").Deserialize<List<AlertRule>>(Options)!;

    public static IReadOnlyList<string> AgainstSchema(string file) =>
        new JsonSchema(JsonElement.Parse(Sources.Text("alert-rules.schema.json"))).Check(JsonElement.Parse(file));
}
