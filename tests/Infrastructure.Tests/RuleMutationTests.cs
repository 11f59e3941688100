using System.Text.Json;
using Headgate.Infrastructure.Tests.Bicep;
using Headgate.Infrastructure.Tests.Deployed;
using Headgate.Infrastructure.Tests.Rules;

namespace Headgate.Infrastructure.Tests;

/// <summary>Each rule finds what it is there to find: in changed rules, pages, texts and settings, and in what the compiler made, changed afterwards.</summary>
public sealed class RuleMutationTests
{
    [Theory]
    [InlineData("Headgate__Leases__Seconds", "Headgate__Lease__Seconds")]
    [InlineData("ServiceBus__fullyQualifiedNamespace", "ServiceBus__fullyQualifiedNameSpace")]
    [InlineData("LeaseSweep", "LeaseSweeps")]
    [InlineData("AZURE_CLIENT_ID", "AZURE_CLIENTID")]
    [InlineData("AzureWebJobsDisableHomepage", null)]
    [InlineData(null, "FUNCTIONS_WORKER_RUNTIME")]
    public async Task Settings_OneRenamed_IsFound(string? from, string? to)
    {
        var settings = new Dictionary<string, string>(Settings.Of(await Compiled.DeploymentAsync("dev")), StringComparer.Ordinal);
        var value = from is null ? "dotnet-isolated" : settings[from];
        if (from is not null)
            settings.Remove(from);
        if (to is not null)
            settings[to] = value;

        Assert.NotEmpty(Settings.Problems(settings));
    }

    [Fact]
    public async Task Settings_ValueThatTheAppRefuses_IsFound()
    {
        var settings = new Dictionary<string, string>(Settings.Of(await Compiled.DeploymentAsync("dev")), StringComparer.Ordinal) { ["Maintenance"] = "every minute" };

        Assert.NotEmpty(Settings.Problems(settings));
    }

    [Theory]
    [InlineData("start-queue-flooded", "\"threshold\": 500", "\"threshold\": 100", "start-queue-flooded: threshold is '100', not '500'")]
    [InlineData("start-queue-flooded", "\"actionGroupId\": \"[reference", "\"group\": \"[reference", "start-queue-flooded: actionGroupId is '', not '<receivers.id>'")]
    [InlineData("unavailable", "\"failedLocationCount\": 2", "\"failedLocationCount\": 1", "unavailable: failedLocationCount is '1', not '2'")]
    [InlineData("agents-offline", "\"severity\": 2", "\"severity\": 3", "agents-offline: severity is '3', not '2'")]
    [InlineData("agents-offline", "\"metricMeasureColumn\": \"lowest\"", "\"metricMeasureColumn\": \"least\"", "agents-offline: metricMeasureColumn is 'least', not 'lowest'")]
    [InlineData("agents-offline", "max(valueMax)", "min(valueMin)", "agents-offline: the query lacks 'reading = max(valueMax)")]
    [InlineData("agents-offline", "readings >= ", "readings > ", "agents-offline: the query lacks 'readings >= ")]
    [InlineData("log-cap-reached", "OverQuota", "UnderQuota", "log-cap-reached: the query lacks 'Detail contains")]
    [InlineData("log-cap-reached", "workspaceId", "insightsId", "log-cap-reached: scopes is '<monitoring.insightsId>', not '<monitoring.workspaceId>'")]
    [InlineData("ledger-drift", "sum(valueSum)", "max(valueSum)", "ledger-drift: the query lacks 'reading = sum(valueSum)")]
    public async Task Alert_DeployedOtherwise_DiffersFromItsRule(string rule, string from, string to, string found)
    {
        var snapshot = await Compiled.SnapshotAsync("dev");
        var begin = snapshot.IndexOf($"\"name\": \"headgate-dev-{rule}\"", StringComparison.Ordinal);
        var end = snapshot.IndexOf("\"autoMitigate\"", begin, StringComparison.Ordinal);
        end = snapshot.IndexOf("]\"", end, StringComparison.Ordinal);
        var changed = snapshot[..begin] + Text.Changed(snapshot[begin..end], from, to) + snapshot[end..];

        Assert.Contains(
            AlertAgreement.Differences(AlertRuleFile.Read(AlertRuleFile.OfRepository), new Dictionary<string, long>(), Deployment.Parse(changed)),
            difference => difference.StartsWith(found, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Alerts_OfOtherRules_DifferFromThem()
    {
        var differences = AlertAgreement.Differences(
            AlertRuleFile.Read(InRule("unavailable", "\"id\": \"unavailable\"", "\"id\": \"unreachable\"")),
            new Dictionary<string, long> { ["start-queue-dep"] = 20 },
            await Compiled.DeploymentAsync("dev"));

        Assert.Superset(
            new HashSet<string> { "the threshold of 'start-queue-dep' is overridden, which is no rule", "'headgate-dev-unavailable' is no rule's alert", "unreachable: has no alert" },
            differences.ToHashSet());
    }

    [Fact]
    public void Threshold_ChangedInTheRulesAlone_RunbookContradicts() =>
        Assert.Equal(
            ["start-message-old.md says warning, > 600, 1 min, 5 min; the rule warning, > 601, 1 min, 5 min"],
            Runbooks.Differences(AlertRuleFile.Read(InRule("start-message-old", "\"threshold\": 600", "\"threshold\": 601")), Runbooks.OfRepository));

    [Theory]
    [InlineData("\"windowMinutes\": 1", "\"windowMinutes\": 2")]
    [InlineData("\"severity\": \"warning\"", "\"severity\": \"warn\"")]
    [InlineData("\"operator\": \">\"", "\"operator\": \">=\"")]
    [InlineData("\"source\": \"gauge\"", "\"source\": \"counters\"")]
    [InlineData("\"labels\": { \"queue\": \"runs\" }", "\"label\": { \"queue\": \"runs\" }")]
    [InlineData("\"runbook\": ", "\"page\": ")]
    public void RuleFile_OutOfShape_BreaksItsSchema(string from, string to) =>
        Assert.NotEmpty(AlertRuleFile.AgainstSchema(InRule("start-message-old", from, to)));

    [Fact]
    public void Runbook_Missing_IsFound()
    {
        var pages = Runbooks.OfRepository.Where(page => page.Key != "ledger-drift.md").ToDictionary(StringComparer.Ordinal);

        Assert.Equal(["ledger-drift: there is no ledger-drift.md"], Runbooks.Differences(AlertRuleFile.Read(AlertRuleFile.OfRepository), pages));
    }

    [Fact]
    public void Runbook_OfNoRule_IsFound()
    {
        var pages = new Dictionary<string, string>(Runbooks.OfRepository, StringComparer.Ordinal) { ["other.md"] = "# Other" };

        Assert.Equal(["other.md belongs to no rule"], Runbooks.Differences(AlertRuleFile.Read(AlertRuleFile.OfRepository), pages));
    }

    [Theory]
    [InlineData("    ServiceBus: 'Endpoint=sb://x/;SharedAccessKey=abc123'")]
    [InlineData("param environmentName = 'Zm9vYmFyMTIzNDU2Nzg5MFFXRVJUWVVJT1BBU0RG'")]
    [InlineData("param operatorKey = 'hg_operator_abcdefghijklmnopqr'")]
    public void Secret_InAText_IsFound(string line) => Assert.Equal(["x(2): "], Secrets.In("x", $"\n{line}\n").Select(each => each[..6]));

    [Theory]
    [InlineData("param operatorKey = 'a key in clear'\n", 1)]
    [InlineData("param operatorKey = readEnvironmentVariable('HEADGATE_ADMIN_KEY', '')\n", 0)]
    [InlineData("param location = 'westeurope'\n", 0)]
    public async Task SecretParameter_InClear_IsFound(string text, int found) => Assert.Equal(found, Secrets.InClear(text, (await Compiled.Main).Template).Count());

    [Theory]
    [InlineData("""{ "parameters": { "p": { "type": "string", "maxLength": 5 } } }""", "main: 'p' has no description")]
    [InlineData("""{ "parameters": { "p": { "type": "string", "metadata": { "description": "P." } } } }""", "main: 'p' has no bounds")]
    [InlineData("""{ "parameters": { "p": { "type": "int", "minValue": 5, "metadata": { "description": "P." } } } }""", "main: 'p' has no bounds")]
    [InlineData("""{ "parameters": { "p": { "type": "int", "allowedValues": [5], "metadata": { "description": "P." } } } }""", "")]
    [InlineData("""{ "outputs": { "o": { "type": "string" } } }""", "main: 'o' has no description")]
    [InlineData("""{ "definitions": { "t": { "metadata": { "description": "T." }, "properties": { "p": { "type": "string" } } } } }""", "main: 't.p' has no description")]
    [InlineData("""{ "definitions": { "t": { "metadata": { "description": "T." }, "additionalProperties": { "type": "string" } } } }""", "main: 't.*' has no description")]
    [InlineData("""{ "resources": { "m": { "type": "Microsoft.Resources/deployments", "properties": { "template": { "outputs": { "o": {} } } } } } }""", "m: 'o' has no description")]
    public void Template_UndescribedOrUnbounded_IsFound(string template, string expected) =>
        Assert.Equal(expected, string.Join('\n', TemplateRules.Problems(JsonElement.Parse(template))));

    [Theory]
    [InlineData("""{ "roles": { "keyVaultSecretsUser": "4633458b-17de-408a-b874-0445c86b69e6" } }""", "")]
    [InlineData("""{ "roles": { "keyVaultSecretsUser": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b" } }""", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b is Storage Blob Data Owner, not 'keyVaultSecretsUser'")]
    [InlineData("""{ "roles": { "owner": "b7e6dc6d-f1e8-4753-8033-0f276bb0955c" } }""", "b7e6dc6d-f1e8-4753-8033-0f276bb0955c is no role in the list (b7e6dc6d-f1e8-4753-8033-0f276bb0955c), not 'owner'")]
    public void Role_ByAnotherName_IsFound(string variables, string expected) =>
        Assert.Equal(expected, string.Join('\n', Roles.Misnamed(JsonElement.Parse($$"""{ "variables": {{variables}} }"""))));

    /// <summary>The rules with one rule changed.</summary>
    private static string InRule(string id, string from, string to)
    {
        var text = AlertRuleFile.OfRepository;
        var begin = text.IndexOf($"\"id\": \"{id}\"", StringComparison.Ordinal);
        var end = text.IndexOf('}', text.IndexOf("\"runbook\"", begin, StringComparison.Ordinal));
        return text[..begin] + Text.Changed(text[begin..end], from, to) + text[end..];
    }
}
