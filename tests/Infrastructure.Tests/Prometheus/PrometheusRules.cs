using System.Globalization;
using System.Text;
using Headgate.Infrastructure.Tests.Rules;

namespace Headgate.Infrastructure.Tests.Prometheus;

/// <summary>
/// Makes Prometheus' rules of ours. A gauge must pass at every evaluation of the time, a counter in every window of it. Once an alert fires it goes on
/// down to the lower bound.
/// </summary>
internal static class PrometheusRules
{
    /// <summary>The job whose scrapes tell whether the service can be reached.</summary>
    public const string Job = "headgate";

    /// <summary>Claims are held until there is work.</summary>
    private const string NotHeld = "http_route!~\".*/tasks/claim\"";

    private const string Duration = "http.server.request.duration";

    /// <summary>Null where Prometheus can't know.</summary>
    public static string? Expression(AlertRule rule)
    {
        var signal = rule.Signal;
        var window = $"[{rule.WindowMinutes}m]";
        var requests = MetricName.Of(Duration);
        return signal.Source switch
        {
            "queue" or "gauge" => Held(rule, $"max({Series(signal.Instrument!, signal.Labels)})"),
            "counter" => Counter(rule, Series(signal.Instrument!, signal.Labels), window),
            "ratio" => Held(rule, Share(Series(signal.Instrument!, signal.Labels), MetricName.Of(signal.Per!), window)) + Enough(rule, MetricName.Of(signal.Per!), window),
            "requests" when signal.Measure == "p95-seconds" =>
                Held(rule, $"histogram_quantile(0.95, sum by (le) (increase({requests}_bucket{{{NotHeld}}}{window})))") + Enough(rule, $"{requests}_count{{{NotHeld}}}", window),
            "requests" => Held(rule, Share($"{requests}_count{{http_response_status_code=~\"5..\"}}", $"{requests}_count", window)) + Enough(rule, $"{requests}_count", window),
            "availability" => $"(sum(up{{job=\"{Job}\"}}) or vector(0)) < 1",
            _ => null,
        };
    }

    public static string Write(IReadOnlyList<AlertRule> rules)
    {
        var text = new StringBuilder("""
            # Made from infra/alert-rules.json: change that, and run
            #   HEADGATE_RENEW_SNAPSHOTS=1 dotnet test tests/Infrastructure.Tests --filter PrometheusTests
            # The service is scraped as job "headgate". What only Azure can know is left out.
            groups:
              - name: headgate
                interval: 1m
                rules:

            """);
        foreach (var rule in rules)
        {
            if (Expression(rule) is not { } expression)
                continue;
            text.Append(CultureInfo.InvariantCulture, $$"""
                      - alert: {{rule.Id}}
                        expr: |-
                          {{expression}}
                        for: {{For(rule)}}m
                        labels:
                          severity: {{rule.Severity}}
                        annotations:
                          summary: {{Quoted(rule.Title)}}
                          description: {{Quoted(rule.Description)}}
                          runbook: docs/runbooks/{{rule.Runbook}}

                """);
        }

        return text.ToString();
    }

    /// <summary>How long the expression must hold: the first window passes only when it is over.</summary>
    public static int For(AlertRule rule) => rule.Signal.Source is "queue" or "gauge" or "availability" ? rule.ForMinutes : rule.ForMinutes - rule.WindowMinutes;

    public static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string Held(AlertRule rule, string value) => rule.App.ClearAt is { } clear && clear < rule.Threshold
        ? $"({value} > {rule.Threshold} or {value} > {clear} and on() ALERTS{{alertname=\"{rule.Id}\",alertstate=\"firing\"}})"
        : $"{value} > {rule.Threshold}";

    // A counter is not there before it first grows, and growth is measured between two values: the first would be missed. So a series that was not there a window
    // ago counts whole, if its process was scraped then: after a gap nobody knows when it grew.
    private static string Counter(AlertRule rule, string series, string window)
    {
        var then = $"offset {rule.WindowMinutes}m";
        var growth = $"sum(clamp_min({series} - {series} {then}, 0) or {series} and on(job, instance) (up{{job=\"{Job}\"}} {then} == 1))";
        return $"{Held(rule, $"sum(increase({series}{window}))")} or {Held(rule, growth)}";
    }

    private static string Share(string part, string whole, string window) => $"100 * sum(increase({part}{window})) / sum(increase({whole}{window}))";

    private static string Enough(AlertRule rule, string series, string window) => $" and sum(increase({series}{window})) >= {rule.Signal.MinimumCount}";

    private static string Series(string instrument, Dictionary<string, string> labels) => labels.Count == 0
        ? MetricName.Of(instrument)
        : $"{MetricName.Of(instrument)}{{{string.Join(',', labels.Select(label => $"{MetricName.Label(label.Key)}=\"{label.Value}\""))}}}";
}
