using Headgate.Infrastructure.Tests.Bicep;
using Headgate.Infrastructure.Tests.Deployed;
using Headgate.Infrastructure.Tests.Firing.Telemetry;
using Headgate.Infrastructure.Tests.Kusto;

namespace Headgate.Infrastructure.Tests.Firing;

/// <summary>An alert with one mistake fails at least one of its rule's cases.</summary>
[Collection(TelemetryTests.OneMeter)]
public sealed class BrokenAlertTests
{
    private const string Environment = "main";

    /// <summary>In the text of the snapshot. Spaces at the ends don't count: a raw text can't end in a quote.</summary>
    private static readonly (string Rule, string From, string To)[] s_mistakes =
    [
        ("start-message-old", "headgate.queue.oldest_age", "headgate.queue.oldest"),
        ("start-message-old", """[\"queue\"]) == \"runs\" """, """[\"queue\"]) == \"tasks\" """),
        ("ready-tasks-many", "lowest = min(reading)", "lowest = max(reading)"),
        ("ready-tasks-many", """[\"state\"]) == \"active\" """, """[\"state\"]) == \"scheduled\" """),
        ("ready-tasks-flooded", "\"threshold\": 500", "\"threshold\": 100"),
        ("ready-task-old", "timestamp >= ago(8m)", "timestamp >= ago(10m)"),
        ("server-errors", "timestamp >= ago(8m)", "timestamp >= ago(9m)"),
        ("ready-task-old", "timestamp < ago(3m)", "timestamp <= ago(3m)"),
        ("ready-task-old", "timestamp >= ago(8m)", "timestamp > ago(8m)"),
        ("agents-offline", "max(valueMax)", "min(valueMin)"),
        ("agents-offline", "readings >= 10", "readings >= 9"),
        ("agents-offline", "readings >= 10", "readings >= 11"),
        ("agents-offline", "\"overrideQueryTimeRange\": \"PT20M\"", "\"overrideQueryTimeRange\": \"PT15M\""),
        ("agent-backoff-many", "\"threshold\": 10,", "\"threshold\": 11,"),
        ("agent-backoff-many", "\"threshold\": 10,", "\"threshold\": 9,"),
        ("agent-retry-far", "\"GreaterThan\"", "\"LessThan\""),
        ("orchestrations-stuck", "\"GreaterThan\"", "\"GreaterThanOrEqual\""),
        ("orchestrations-stuck", "timestamp < ago(3m)", "timestamp < ago(0m)"),
        ("refusals-at-cap", "readings >= 3", "readings >= 2"),
        ("refusals-at-cap", "sum(valueSum)", "max(valueSum)"),
        ("refusals-at-cap", "timestamp < ago(3m)", "timestamp <= ago(3m)"),
        ("refusals-at-cap", "bin_at(timestamp, 5m, ago(3m))", "bin_at(timestamp, 15m, ago(3m))"),
        ("ledger-drift", "headgate.ledger.drift", "headgate.leases.lost"),
        ("target-auth-failed", """| where tostring(customDimensions[\"category\"]) == \"auth\"\n""", ""),
        ("retry-rate-high", "whole >= 20", "whole >= 2"),
        ("retry-rate-high", """part = sumif(valueSum, name == \"headgate.retries\")""", """part = sumif(valueSum, name == \"headgate.attempts\")"""),
        ("retry-rate-high", "lowest = 100.0 * part", "lowest = 1.0 * part"),
        ("server-errors", "toint(resultCode) >= 500", "toint(resultCode) >= 400"),
        ("server-errors", "toint(resultCode) >= 500", "toint(resultCode) > 500"),
        ("server-errors", "whole = sum(itemCount)", "whole = count()"),
        ("server-errors", """| where isnotempty(url)\n""", ""),
        ("slow-responses", "itemCount, 95)", "itemCount, 90)"),
        ("slow-responses", "itemCount, 95)", "itemCount, 99)"),
        ("slow-responses", "slow / 1000.0", "slow / 1.0"),
        ("slow-responses", """ and name !in (\"ClaimTasks\", \"StreamRunEvents\", \"StreamTenantEvents\", \"SubmitRun\", \"Foreman\", \"TriggerSchedule\")\n""", """\n"""),
        ("slow-responses", """\"StreamTenantEvents\", """, ""),
        ("slo-burn-fast", """[\"limit\"]) == \"fast\" """, """[\"limit\"]) == \"slow\" """),
        ("slow-responses", "percentilew(duration, itemCount, 95)", "max(duration)"),
        ("start-queue-deep", "\"Minimum\"", "\"Maximum\""),
        ("start-queue-flooded", "\"threshold\": 500", "\"threshold\": 100"),
        ("start-dead-lettered", "\"DeadletteredMessages\"", "\"ActiveMessages\""),
        ("start-dead-lettered", "\"windowSize\": \"PT5M\"", "\"windowSize\": \"PT15M\""),
        ("unavailable", "\"failedLocationCount\": 2", "\"failedLocationCount\": 1"),
        ("unavailable", "\"failedLocationCount\": 2", "\"failedLocationCount\": 3"),
        ("log-cap-reached", """contains \"OverQuota\" """, """contains \"Quota\" """),
        ("log-cap-reached", """contains \"OverQuota\" """, """contains \"DailyQuota\" """),
        ("log-cap-reached", """| where Detail contains \"OverQuota\"\n""", ""),
        ("log-cap-reached", "TimeGenerated, Detail", "TimeGenerated, Detail = Operation"),
        ("log-cap-reached", "\"GreaterThan\"", "\"GreaterThanOrEqual\""),
        ("log-cap-reached", "\"GreaterThan\"", "\"LessThan\""),
        ("log-cap-reached", "\"threshold\": 0", "\"threshold\": 1"),
        ("log-cap-reached", "timestamp >= ago(18m)", "timestamp >= ago(19m)"),
        ("log-cap-reached", "timestamp >= ago(18m)", "timestamp > ago(18m)"),
        ("log-cap-reached", "timestamp < ago(3m)", "timestamp <= ago(3m)"),
        ("log-cap-reached", "timestamp < ago(3m)", "timestamp < ago(4m)"),
        ("log-cap-reached", "\"overrideQueryTimeRange\": \"PT20M\"", "\"overrideQueryTimeRange\": \"PT15M\""),
    ];

    private static readonly Lazy<Task<(IReadOnlyDictionary<int, Deployment> Deployments, IReadOnlyDictionary<string, KustoNode> Trees)>> s_broken = new(BreakAsync);

    public static TheoryData<int, string> Mistakes
    {
        get
        {
            var mistakes = new TheoryData<int, string>();
            foreach (var (number, (rule, _, to)) in s_mistakes.Index())
                mistakes.Add(number, $"{rule}: {to}");
            return mistakes;
        }
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Alert_WithAMistake_FailsACase(int number, string mistake)
    {
        var (deployments, trees) = await s_broken.Value;
        var id = s_mistakes[number].Rule;

        var wrong = DeployedAlerts.Wrong(await DeployedAlerts.RuleAsync(Environment, id), Alert.Of(DeployedAlerts.Resource(deployments[number], id), trees));

        Assert.True(wrong.Count > 0, $"No case finds '{mistake}'.");
    }

    private static async Task<(IReadOnlyDictionary<int, Deployment>, IReadOnlyDictionary<string, KustoNode>)> BreakAsync()
    {
        var snapshot = await Compiled.SnapshotAsync(Environment);
        var deployments = s_mistakes.Index().ToDictionary(mistake => mistake.Index, mistake => Deployment.Parse(Broken(snapshot, mistake.Item)));
        return (deployments, await DeployedAlerts.ParsedAsync(deployments.Values));
    }

    private static string Broken(string snapshot, (string Rule, string From, string To) mistake)
    {
        var begin = snapshot.IndexOf($"\"name\": \"headgate-test-{mistake.Rule}\"", StringComparison.Ordinal);
        var end = snapshot.IndexOf("\"autoMitigate\"", begin, StringComparison.Ordinal);
        return snapshot[..begin] + Text.Changed(snapshot[begin..end], mistake.From.Trim(), mistake.To.Trim()) + snapshot[end..];
    }
}
