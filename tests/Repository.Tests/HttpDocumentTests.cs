using System.Text.RegularExpressions;

namespace Headgate.Repository.Tests;

/// <summary>docs/http.md names the routes that functions have, each of them and no others.</summary>
public sealed partial class HttpDocumentTests
{
    /// <summary>No functions: in Azure there are none.</summary>
    private static readonly string[] s_ofOneMachine = ["GET /metrics", "POST /mcp"];

    [Fact]
    public void Routes_InCodeAndDocument_AreTheSame()
    {
        var code = Tree.Product.Where(file => file.Project == "src/Functions").SelectMany(file => Routes(file.Text)).Concat(s_ofOneMachine).Order(StringComparer.Ordinal).ToList();
        var document = Documented().Matches(Tree.Named("docs/http.md").Text).Select(match => match.Groups["call"].Value).Distinct().Order(StringComparer.Ordinal).ToList();

        Findings.None("Routes that docs/http.md lacks:", code.Except(document));
        Findings.None("Calls in docs/http.md that no function takes:", document.Except(code));
    }

    [Fact]
    public void AuditActions_InCodeAndDocument_AreTheSame()
    {
        var code = AuditWord().Matches(Tree.Named("src/Functions/Security/Audit/AuditAction.cs").Text).Select(word => word.Groups["word"].Value).Order(StringComparer.Ordinal);
        var document = Tree.Named("docs/http.md").Text;
        var section = document[document.IndexOf("### Audit", StringComparison.Ordinal)..document.IndexOf("## Runs", StringComparison.Ordinal)];

        Assert.NotEmpty(code);
        Assert.Equal(code, ListedWord().Matches(section).Select(word => word.Groups["word"].Value).Order(StringComparer.Ordinal));
    }

    /// <summary>Bounds are constants of the code; each of these stands in the document, in the row of what it bounds.</summary>
    [Theory]
    [InlineData("body", "src/Functions/Wire/RequestBody.cs", "MaxBytes = 256 * 1024", "256 KiB")]
    [InlineData("body", "src/Functions/Wire/RequestBody.cs", "MaxDiscarded = 4 * 1024 * 1024", "4 MiB")]
    [InlineData("body", "src/Functions/Wire/RequestBody.cs", "MaxDepth = 32", "32 levels")]
    [InlineData("payload of a task", "src/Functions/Api/Runs/SubmissionReader.cs", "MaxPayloadBytes = 32 * 1024", "32 KiB")]
    [InlineData("payload of a task", "src/Functions/Api/Agents/ReportResults.cs", "MaxOutputBytes = 32 * 1024", "32 KiB")]
    [InlineData("`timeoutSeconds`", "src/Functions/Api/Runs/SubmissionReader.cs", "MaxTimeoutSeconds = 86_400", "86400")]
    [InlineData("`timeoutSeconds`", "src/Functions/Api/Runs/SubmissionReader.cs", "DefaultTimeoutSeconds = 3600", "(3600)")]
    [InlineData("`maxRetries`", "src/Core/Retry/RetryPolicy.cs", "MaxRetriesCeiling = 20", "20")]
    [InlineData("policy |", "src/Core/Retry/RetryPolicy.cs", "MaxSecondsCeiling = 86400", "86400")]
    [InlineData("policy |", "src/Core/Retry/RetryPolicy.cs", "FactorCeiling = 10", "1..10")]
    [InlineData("reason of a pause, hold", "src/Functions/Api/Tenants/TenantStatus.cs", "TextRule.Plain(500)", "1..500")]
    [InlineData("`limits` of a tenant", "src/Core/Plans/TenantLimits.cs", "Ceiling = 1_000_000_000", "1000000000")]
    [InlineData("keys of a tenant", "src/Functions/Api/Keys/KeyListing.cs", "MaxKeys = 100", "100")]
    [InlineData("`overlapSeconds`", "src/Functions/Api/Keys/RotateKey.cs", "MaxOverlapSeconds = 604_800", "0..604800")]
    [InlineData("members of a tenant", "src/Functions/Api/Members/MemberChange.cs", "MaxMembers = 1000", "1000")]
    [InlineData("subject of a member", "src/Core/Identity/Grammar.cs", "MaxSubject = 200", "1..200")]
    [InlineData("token of the issuer", "src/Functions/Security/Tokens/TokenVerifier.cs", "MaxLength = 8 * 1024", "8 KiB")]
    [InlineData("keys of a tenant", "src/Functions/Api/Tenants/Policies.cs", "MaxPolicies = 100", "100")]
    [InlineData("resources of a task", "src/Functions/Api/Runs/SubmissionReader.cs", "MaxResources = 8", "8,")]
    [InlineData("rules of a resource", "src/Core/Resources/ResourceRules.cs", "MaxConcurrentCeiling = 200", "1..200")]
    [InlineData("rules of a resource", "src/Core/Resources/ResourceRules.cs", "MaxTypes = 50", "50 types")]
    [InlineData("rules of a resource", "src/Core/Resources/ResourceRules.cs", "FailuresToOpenCeiling = 100", "1..100 (5)")]
    [InlineData("rules of a resource", "src/Core/Resources/ResourceRules.cs", "OpenSecondsCeiling = 3600", "1..3600 (60)")]
    [InlineData("resources of a tenant", "src/Functions/Api/Resources/WriteResources.cs", "MaxResources = 500", "500:")]
    [InlineData("results in one call", "src/Core/Resources/ResourceSignal.cs", "RetryAfterCeiling = 86_400", "0..86400")]
    [InlineData("labels", "src/Core/Identity/Grammar.cs", "MaxLabels = 20", "20")]
    [InlineData("labels", "src/Core/Identity/Grammar.cs", "MaxLabelKey = 63", "63")]
    [InlineData("labels", "src/Core/Identity/Grammar.cs", "MaxLabelValue = 128", "128")]
    [InlineData("tasks of a run", "src/Core/Runs/TaskGraph.cs", "MaxTasks = 200", "200")]
    [InlineData("capabilities", "src/Functions/Api/Agents/RegisterAgent.cs", "MaxCapabilities = 50", "50")]
    [InlineData("capabilities", "src/Functions/Api/Agents/ChangeAgentSettings.cs", "MaxTypes = 50", "50")]
    [InlineData("settings of an agent", "src/Core/Agents/AgentLimits.cs", "BandwidthCeilingMbps = 100_000", "100000")]
    [InlineData("settings of an agent", "src/Core/Agents/AgentLimits.cs", "MaxConcurrentTasksCeiling = 100", "1..100 (3)")]
    [InlineData("heartbeat |", "src/Functions/Api/Agents/ReportHeartbeat.cs", "MaxDisks = 100", "100 disks")]
    [InlineData("heartbeat |", "src/Functions/Api/Agents/ReportHeartbeat.cs", "MaxRunning = 1000", "1000 running")]
    [InlineData("heartbeat |", "src/Functions/Api/Agents/HeartbeatPace.cs", "Burst = 500", "500 at once")]
    [InlineData("heartbeat |", "src/Functions/Api/Agents/HeartbeatPace.cs", "PerSecond = 100", "100 a second")]
    [InlineData("claim |", "src/Functions/Api/Agents/ClaimTasks.cs", "MaxWaitSeconds = 30", "0..30")]
    [InlineData("results in one call", "src/Functions/Api/Agents/ReportResults.cs", "MaxResults = 100", "100;")]
    [InlineData("results in one call", "src/Functions/Api/Agents/ReportResults.cs", "MaxLog = 256 * 1024", "262144")]
    [InlineData("problems", "src/Core/Validation/Problems.cs", "MaxKept = 100", "100")]
    [InlineData("rows that a page", "src/Functions/Api/Runs/Runs.cs", "MaxScanned = 1000", "1000")]
    [InlineData("agents summary", "src/Functions/Tasks/Fleet.cs", "MaxRows = 20_000", "20000")]
    [InlineData("agents summary", "src/Functions/Api/Agents/Agents.cs", "MaxTypes = 200", "200 types")]
    [InlineData("`X-Request-Id`", "src/Functions/Api/Edge.cs", "MaxRequestId = 128", "128")]
    public void Bounds_InCodeAndDocument_AreTheSame(string row, string file, string constant, string told)
    {
        Assert.Contains(constant, Tree.Named(file).Text, StringComparison.Ordinal);
        Assert.Contains(told, Tree.Named("docs/http.md").Text.Split('\n').Single(line => line.StartsWith($"| {row}", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Routes(string text) =>
        from Match trigger in Trigger().Matches(text)
        let route = trigger.Groups["route"].Success ? trigger.Groups["route"].Value : Constant(text, trigger.Groups["constant"].Value)
        select $"{trigger.Groups["method"].Value.ToUpperInvariant()} /{Optional().Replace(route, "").TrimStart('/')}";

    private static string Constant(string text, string name) =>
        Constants().Matches(text).FirstOrDefault(constant => constant.Groups["name"].Value == name)?.Groups["value"].Value ?? $"<constant {name}>";

    [GeneratedRegex(@"HttpTrigger\(AuthorizationLevel\.\w+, ""(?<method>\w+)""(?:, ""head"")?, Route = (?:""(?<route>[^""]*)""|(?<constant>\w+))", RegexOptions.ExplicitCapture)]
    private static partial Regex Trigger();

    [GeneratedRegex(@"""(?<word>[a-z-]+\.[a-z-]+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex AuditWord();

    [GeneratedRegex(@"`(?<word>[a-z-]+\.[a-z-]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex ListedWord();

    [GeneratedRegex(@"\{[^{}]*\?\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Optional();

    [GeneratedRegex(@"const string (?<name>\w+) = ""(?<value>[^""]+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Constants();

    [GeneratedRegex(@"`(?<call>(?:GET|POST|PUT|PATCH|DELETE) /[\w/{}*.-]*)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Documented();
}
