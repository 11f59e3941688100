using Headgate.Infrastructure.Tests.Bicep;
using Headgate.Infrastructure.Tests.Bicep.Checks;
using Headgate.Infrastructure.Tests.Bicep.Evaluation;
using Headgate.Infrastructure.Tests.Rules;

namespace Headgate.Infrastructure.Tests;

/// <summary>A change on one side only is caught, and by the check that is meant to catch it.</summary>
public sealed class MutationTests
{
    private const string Dev = "bicep/dev.bicepparam";

    private static BicepSources Sources => BicepSources.OfRepository;

    [Theory]
    [InlineData("undeclared-symbol", "bicep/platform/identity.bicep", "  location: location", "  location: place")]
    [InlineData("undeclared-symbol", "bicep/alerting/alerts.bicep", "values: [rule.signal.labels.queue]", "values: [rules1[0]]")]
    [InlineData("unknown-output", "bicep/main.bicep", "storage.outputs.tableEndpoint", "storage.outputs.tablesEndpoint")]
    [InlineData("unknown-output", "bicep/main.bicep", "usesScheduler ? scheduler!.outputs.endpoint", "usesScheduler ? scheduler!.outputs.address")]
    [InlineData("unknown-module", "bicep/main.bicep", "module bus 'platform/servicebus.bicep'", "module bus 'platform/bus.bicep'")]
    [InlineData("unknown-import", "bicep/alerting/alerts.bicep", "import { alertQuery }", "import { alertQueries }")]
    [InlineData("missing-parameter", "bicep/main.bicep", "    isPurgeProtected: vaultPurgeProtection\n", "")]
    [InlineData("unknown-parameter", "bicep/main.bicep", "    dailyQuotaGb: logDailyQuotaGb\n", "    dailyQuota: logDailyQuotaGb\n    dailyQuotaGb: logDailyQuotaGb\n")]
    [InlineData("missing-scope", "bicep/main.bicep", "module identity 'platform/identity.bicep' = {\n  scope: group\n", "module identity 'platform/identity.bicep' = {\n")]
    [InlineData("unknown-member", "bicep/main.bicep", "known.queue", "known.queues", 0)]
    [InlineData("unknown-member", "bicep/main.bicep", "vault.outputs.operatorKeyUri", "vault.output.operatorKeyUri")]
    [InlineData("unused", "bicep/platform/identity.bicep", "  tags: tags\n", "")]
    [InlineData("unused", "bicep/app/functions.bicep", "import { tagSet } from '../types.bicep'", "import { tagSet, alertRule } from '../types.bicep'")]
    [InlineData("unknown-function", "bicep/alerting/queries.bicep", "${max(1,", "${most(1,")]
    [InlineData("wrong-arguments", "bicep/alerting/alerts.bicep", "alertQuery(rule)", "alertQuery(rule, 5)")]
    [InlineData("unknown-type", "bicep/alerting/alerts.bicep", "param rules alertRule[]", "param rules object[]")]
    [InlineData("declared-twice", "bicep/platform/vault.bicep", "resource logs '", "resource vault '")]
    [InlineData("undescribed", "bicep/platform/vault.bicep", "@description('Tags.')\n", "")]
    [InlineData("undescribed", "bicep/types.bicep", "  @description('Subject of the mail.')\n", "")]
    [InlineData("unbounded", "bicep/main.bicep", "@minValue(5)\n@maxValue(3600)\nparam leaseSeconds", "@minValue(5)\nparam leaseSeconds")]
    [InlineData("unknown-api-version", "bicep/platform/vault.bicep", "vaults/secrets@2025-05-01", "vaults/secrets@2025-05-02")]
    [InlineData("wrong-role", "bicep/access/roles.bicep", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "b7e6dc6d-f1e8-4753-8033-0f276bb0955c")]
    [InlineData("wrong-role", "bicep/access/roles.bicep", "keyVaultSecretsUser: '4633458b-17de-408a-b874-0445c86b69e6'", "keyVaultSecretsUser: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'")]
    [InlineData("secret", "bicep/app/functions.bicep", "ServiceBus__credential: 'managedidentity'", "ServiceBus: 'Endpoint=sb://x/;SharedAccessKey=abc123'")]
    [InlineData("secret", "bicep/dev.bicepparam", "param environmentName = 'dev'", "param environmentName = 'Zm9vYmFyMTIzNDU2Nzg5MFFXRVJUWVVJT1BBU0RG'")]
    [InlineData("secret", "bicep/dev.bicepparam", "readEnvironmentVariable('HEADGATE_ADMIN_KEY', '')", "'a key in clear'")]
    [InlineData("unknown-parameter", "bicep/prod.bicepparam", "param zoneRedundant = true", "param zonesRedundant = true")]
    [InlineData("missing-parameter", "bicep/prod.bicepparam", "param environmentName = 'prod'\n", "")]
    [InlineData("orphan", "bicep/main.bicep", "module workbook 'alerting/workbook.bicep'", "module workbook 'alerting/budget.bicep'")]
    [InlineData("syntax", "bicep/platform/vault.bicep", "  tags: tags\n", "  tags tags\n")]
    public void Check_OneSidedChange_IsFound(string rule, string path, string from, string to, int occurrence = -1)
    {
        var mutated = occurrence < 0 ? Sources.Changed(path, from, to) : Sources.With(path, Replace(Sources[path], from, to));

        Assert.Contains(AllChecks.Of(mutated), problem => problem.Rule == rule && problem.Path == path
            || rule == "orphan" && problem.Rule == rule);
    }

    [Theory]
    [InlineData("Tables__serviceUri:", "Tables__serviceUrl:")]
    [InlineData("Headgate__Leases__Seconds:", "Headgate__Lease__Seconds:")]
    [InlineData("ServiceBus__fullyQualifiedNamespace:", "ServiceBus__fullyQualifiedNameSpace:")]
    [InlineData("    LeaseSweep:", "    LeaseSweeps:")]
    [InlineData("    Maintenance: '0 * * * * *'", "    Maintenance: 'every minute'")]
    [InlineData("    AzureWebJobsDisableHomepage: 'true'\n", "")]
    [InlineData("    LeaseSweep:", "    FUNCTIONS_WORKER_RUNTIME: 'dotnet-isolated'\n    LeaseSweep:")]
    [InlineData("    AZURE_CLIENT_ID: identityClientId", "    AZURE_CLIENTID: identityClientId")]
    public void Settings_OneRenamed_IsFound(string from, string to) =>
        Assert.NotEmpty(Settings.Problems(Settings.Of(Deployment.Of(Sources.Changed("bicep/app/functions.bicep", from, to), Dev))));

    [Fact]
    public void Threshold_ChangedInTheRulesAlone_RunbookContradicts() =>
        Assert.Equal(
            ["start-message-old.md says warning, > 600, 1 min, 5 min; the rule warning, > 601, 1 min, 5 min"],
            Runbooks.Differences(AlertRuleFile.Read(InRule("start-message-old", "\"threshold\": 600", "\"threshold\": 601")), Runbooks.OfRepository));

    [Theory]
    [InlineData("threshold: thresholds[?rule.id] ?? rule.threshold\n            dimensions", "threshold: 100\n            dimensions", "start-queue-flooded: threshold is '100', not '500'")]
    [InlineData("timeAggregation: 'Minimum'\n            operator: 'GreaterThan'\n            threshold: thresholds[?rule.id] ?? rule.threshold\n            dimensions", "timeAggregation: 'Average'\n            operator: 'GreaterThan'\n            threshold: thresholds[?rule.id] ?? rule.threshold\n            dimensions", "start-queue-flooded: aggregation is 'Average', not 'Minimum'")]
    [InlineData("?? rule.threshold) + 1", "?? rule.threshold)", "unavailable: failedLocationCount is '1', not '2'")]
    [InlineData("rule => rule.signal.source == 'availability'", "rule => rule.signal.source == 'available'", "unavailable: has no alert")]
    [InlineData("  warning: 2\n", "  warning: 3\n", "agents-offline: severity is '3', not '2'")]
    [InlineData("metricMeasureColumn: 'lowest'", "metricMeasureColumn: 'least'", "agents-offline: column is 'least', not 'lowest'")]
    public void Alerts_ChangedInBicepAlone_DifferFromTheRules(string from, string to, string found) =>
        Assert.Contains(found, AlertAgreement.Of(Sources.Changed("bicep/alerting/alerts.bicep", from.Replace("rule => rule.", "each => each.", StringComparison.Ordinal), to.Replace("rule => rule.", "each => each.", StringComparison.Ordinal)), Dev));

    [Theory]
    [InlineData("max(valueMax)", "min(valueMin)")]
    [InlineData("sum(valueSum)", "max(valueSum)")]
    [InlineData("- 1)}", "- 2)}")]
    public void Queries_ChangedInBicepAlone_DifferFromTheRules(string from, string to) =>
        Assert.NotEmpty(AlertAgreement.Of(Sources.Changed("bicep/alerting/queries.bicep", from, to), Dev));

    [Fact]
    public void Thresholds_OverriddenForNoRule_AreFound() =>
        Assert.Contains(
            "bicep/dev.bicepparam overrides the threshold of 'start-queue-dep', which is no rule",
            AlertAgreement.Of(Sources.Changed(Dev, "'start-queue-deep': 20", "'start-queue-dep': 20"), Dev));

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
    public void RuleFile_ShapeThatBicepDoesNotTake_StopsTheDeployment() =>
        Assert.Contains("severity", Assert.Throws<EvaluationException>(() => Deployment.Of(InRule("start-message-old", "\"severity\": \"warning\"", "\"severity\": \"warn\""), Dev)).Message, StringComparison.Ordinal);

    [Fact]
    public void Runbook_Missing_IsFound()
    {
        var pages = Runbooks.OfRepository.Where(page => page.Key != "ledger-drift.md").ToDictionary(StringComparer.Ordinal);

        Assert.Equal(["ledger-drift: there is no ledger-drift.md"], Runbooks.Differences(AlertRuleFile.Read(Sources), pages));
    }

    [Fact]
    public void Runbook_OfNoRule_IsFound()
    {
        var pages = new Dictionary<string, string>(Runbooks.OfRepository, StringComparer.Ordinal) { ["other.md"] = "# Other" };

        Assert.Equal(["other.md belongs to no rule"], Runbooks.Differences(AlertRuleFile.Read(Sources), pages));
    }

    [Theory]
    [InlineData("param maximumInstanceCount = 100", "param maximumInstanceCount = 2000")]
    [InlineData("param storageRedundancy = 'Standard_ZRS'", "param storageRedundancy = 'Standard_RAGRS'")]
    [InlineData("param environmentName = 'prod'", "param environmentName = 'a-name-that-is-much-too-long'")]
    public void Parameter_OutOfBounds_StopsTheDeployment(string from, string to) =>
        Assert.Throws<EvaluationException>(() => Deployment.Of(Sources.Changed("bicep/prod.bicepparam", from, to), "bicep/prod.bicepparam"));

    /// <summary>The rules with one rule changed.</summary>
    private static BicepSources InRule(string id, string from, string to)
    {
        var text = Sources["alert-rules.json"];
        var begin = text.IndexOf($"\"id\": \"{id}\"", StringComparison.Ordinal);
        var end = text.IndexOf('}', text.IndexOf("\"runbook\"", begin, StringComparison.Ordinal));
        var rule = text[begin..end];
        Assert.Contains(from, rule, StringComparison.Ordinal);
        return Sources.With("alert-rules.json", text[..begin] + rule.Replace(from, to, StringComparison.Ordinal) + text[end..]);
    }

    private static string Replace(string text, string from, string to)
    {
        var at = text.IndexOf(from, StringComparison.Ordinal);
        return text[..at] + to + text[(at + from.Length)..];
    }
}
