using System.Globalization;
using System.Text;
using Headgate.Infrastructure.Tests.Rules;

namespace Headgate.Infrastructure.Tests.Prometheus;

/// <summary>Of each rule a case in which it must fire, and one in which it is at its bound and must not, in the form of <c>promtool test rules</c>.</summary>
internal static class PrometheusCases
{
    private const int Minutes = 40;
    private const string Requests = "http_server_request_duration_seconds";

    public static string Write(IReadOnlyList<AlertRule> rules)
    {
        var text = new StringBuilder("""
            # Made from infra/alert-rules.json with rules.yaml. promtool test rules tests.yaml
            rule_files:
              - rules.yaml
            evaluation_interval: 1m
            tests:

            """);
        foreach (var rule in rules.Where(rule => PrometheusRules.Expression(rule) is not null))
        {
            Write(text, rule, "fires", Series(rule, fires: true), fires: true);
            Write(text, rule, "is silent", Series(rule, fires: false), fires: false);
            if (rule.Signal.Source == "counter")
                Write(text, rule, "is silent after a gap", AfterAGap(rule), fires: false);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, AlertRule rule, string what, IEnumerable<(string Series, string Values)> series, bool fires)
    {
        text.Append(CultureInfo.InvariantCulture, $"  - name: {rule.Id} {what}\n    interval: 1m\n    input_series:\n");
        foreach (var (name, values) in series)
            text.Append(CultureInfo.InvariantCulture, $"      - series: '{name}'\n        values: '{values}'\n");
        text.Append(CultureInfo.InvariantCulture, $"    alert_rule_test:\n      - eval_time: {Minutes - 5}m\n        alertname: {rule.Id}\n");
        if (!fires)
        {
            text.Append("        exp_alerts: []\n");
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $$"""
                    exp_alerts:
                      - exp_labels:
                          severity: {{rule.Severity}}
                        exp_annotations:
                          summary: {{PrometheusRules.Quoted(rule.Title)}}
                          description: {{PrometheusRules.Quoted(rule.Description)}}
                          runbook: docs/runbooks/{{rule.Runbook}}

            """);
    }

    private static IEnumerable<(string Series, string Values)> Series(AlertRule rule, bool fires)
    {
        var signal = rule.Signal;
        switch (signal.Source)
        {
            case "queue" or "gauge":
                yield return (Name(signal.Instrument!, signal.Labels, "a"), Steady(fires ? rule.Threshold + 1 : rule.Threshold));
                yield return (Name(signal.Instrument!, signal.Labels, "b"), Steady(0));
                break;
            case "counter" when rule.WindowMinutes == rule.ForMinutes:
                // The first growth that was ever seen, or one that is long over.
                yield return (Name(signal.Instrument!, signal.Labels, "a"), fires ? $"{Missing(Minutes - 7)} {Steady(1)}" : Steady(7));
                yield return (Up("a"), Steady(1));
                break;
            case "counter":
                yield return (Up("a"), Steady(1));
                yield return (Name(signal.Instrument!, signal.Labels, "a"), Growing(fires ? (rule.Threshold / rule.WindowMinutes) + 1 : rule.Threshold * 9 / 10 / rule.WindowMinutes));
                break;
            case "ratio":
                yield return (Name(signal.Instrument!, signal.Labels, "a"), Growing(fires ? 3 : 1));
                yield return (Name(signal.Per!, [], "a"), Growing(4));
                break;
            case "requests" when signal.Measure == "p95-seconds":
                foreach (var (bound, count) in new[] { ("5", fires ? 0 : 10), ("10", 10), ("+Inf", 10) })
                    yield return ($"{Requests}_bucket{{http_route=\"tenants\",le=\"{bound}\"}}", Growing(count));
                yield return ($"{Requests}_count{{http_route=\"tenants\"}}", Growing(10));
                // Claims that are held say nothing.
                yield return ($"{Requests}_bucket{{http_route=\"agents/{{agentId}}/tasks/claim\",le=\"+Inf\"}}", Growing(1000));
                break;
            case "requests":
                yield return ($"{Requests}_count{{http_response_status_code=\"503\"}}", Growing(fires ? 2 : 0));
                yield return ($"{Requests}_count{{http_response_status_code=\"202\"}}", Growing(8));
                break;
            case "availability":
                yield return (Up("a"), Steady(0));
                yield return (Up("b"), Steady(fires ? 0 : 1));
                break;
        }
    }

    /// <summary>Much that grew long ago, seen again after nobody looked for longer than a window, and from a process that could not be reached.</summary>
    private static IEnumerable<(string Series, string Values)> AfterAGap(AlertRule rule)
    {
        var (gap, much) = (rule.WindowMinutes + 10, rule.Threshold + 1000);
        var before = Minutes - 5 - gap - (rule.WindowMinutes / 2);
        string Seen(int value, string missing) => $"{value}x{before} {missing}x{gap} {value}x{Minutes}";
        yield return (Name(rule.Signal.Instrument!, rule.Signal.Labels, "a"), Seen(much, "_"));
        yield return (Up("a"), Seen(1, "_"));
        yield return (Name(rule.Signal.Instrument!, rule.Signal.Labels, "b"), Seen(much, "_"));
        yield return (Up("b"), $"1x{before} 0x{gap} 1x{Minutes}");
    }

    private static string Up(string process) => $"up{{job=\"{PrometheusRules.Job}\",instance=\"{process}\"}}";

    private static string Name(string instrument, Dictionary<string, string> labels, string process) =>
        $"{MetricName.Of(instrument)}{{{string.Join(',', labels.Append(new("job", PrometheusRules.Job)).Append(new("instance", process)).Select(label => $"{MetricName.Label(label.Key)}=\"{label.Value}\""))}}}";

    private static string Steady(int value) => string.Create(CultureInfo.InvariantCulture, $"{value}x{Minutes}");

    private static string Growing(int perMinute) => string.Create(CultureInfo.InvariantCulture, $"0+{perMinute}x{Minutes}");

    private static string Missing(int minutes) => string.Create(CultureInfo.InvariantCulture, $"_x{minutes}");
}
