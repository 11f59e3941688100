using Headgate.Infrastructure.Tests.Bicep;
using Headgate.Infrastructure.Tests.Deployed;
using Headgate.Infrastructure.Tests.Rules;

namespace Headgate.Infrastructure.Tests;

/// <summary>A change on one side of the Bicep files is caught: by the compiler, or by the rules on what it makes of them.</summary>
public sealed class MutationTests
{
    [Theory]
    [InlineData("BCP083", "bicep/platform/storage.bicep", "output tableEndpoint string", "output tablesEndpoint string", "bicep/main.bicep")]
    [InlineData("BCP035", "bicep/main.bicep", "    isPurgeProtected: vaultPurgeProtection\n", "")]
    [InlineData("BCP089", "bicep/app/functions.bicep", "    httpsOnly: true\n", "    httpOnly: true\n")]
    [InlineData("use-description-params", "bicep/platform/vault.bicep", "@description('Tags.')\n", "")]
    public async Task Build_OneSidedChange_IsFound(string code, string path, string from, string to, string? found = null)
    {
        using var copy = new InfrastructureCopy(path, from, to);

        var build = await copy.Compiler.BuildAsync("bicep/main.bicep");

        Assert.Contains(build.Diagnostics, each => each.Code == code && each.Path == (found ?? path));
    }

    [Theory]
    [InlineData("BCP327", "param maximumInstanceCount = 100", "param maximumInstanceCount = 2000")]
    [InlineData("BCP258", "param environmentName = 'prod'\n", "")]
    public async Task Build_ParameterFileThatDoesNotFit_IsRefused(string code, string from, string to)
    {
        using var copy = new InfrastructureCopy("bicep/prod.bicepparam", from, to);

        var build = await copy.Compiler.BuildParametersAsync("bicep/prod.bicepparam");

        Assert.Contains(build.Diagnostics, each => each.Code == code);
    }

    [Fact]
    public async Task RuleFile_ShapeThatBicepDoesNotTake_StopsTheDeployment()
    {
        var refused = await Assert.ThrowsAsync<BicepException>(() => ChangedAsync("alert-rules.json", "\"id\": \"start-message-old\",", "\"id\": 1,"));

        Assert.Contains("rules[", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Setting_RenamedInBicepAlone_IsFound() =>
        Assert.Contains(
            "'Tables__serviceUrl' is set and read by nobody",
            Settings.Problems(Settings.Of(await ChangedAsync("bicep/app/functions.bicep", "Tables__serviceUri:", "Tables__serviceUrl:"))));

    [Fact]
    public async Task Alert_AggregatedOtherwiseInBicepAlone_DiffersFromItsRule() =>
        Assert.Contains(
            "start-queue-flooded: timeAggregation is 'Average', not 'Minimum'",
            AlertAgreement.Differences(
                AlertRuleFile.Read(AlertRuleFile.OfRepository),
                new Dictionary<string, long>(),
                await ChangedAsync("bicep/alerting/alerts.bicep", "timeAggregation: 'Minimum'\n            operator: 'GreaterThan'\n            threshold: thresholds[?rule.id] ?? rule.threshold\n            dimensions", "timeAggregation: 'Average'\n            operator: 'GreaterThan'\n            threshold: thresholds[?rule.id] ?? rule.threshold\n            dimensions")));

    [Fact]
    public async Task Role_Removed_IsMissedAndChangesTheSnapshot()
    {
        using var copy = new InfrastructureCopy("bicep/access/roles.bicep", "[roles.storageBlobDataOwner, roles.storageQueueDataContributor,", "[roles.storageBlobDataOwner,");
        var kept = await Compiled.SnapshotAsync("dev");

        var changed = await Compiled.SnapshotAsync(copy.Compiler, "dev");

        Assert.Equal(
            ["<identity.principalId>: Storage Queue Data Contributor on Microsoft.Storage/storageAccounts"],
            Roles.Of(Deployment.Parse(kept)).Except(Roles.Of(Deployment.Parse(changed))));
        Assert.NotEmpty(SnapshotFile.Difference(SnapshotFile.NameOf("dev"), kept, changed));
    }

    private static async Task<Deployment> ChangedAsync(string path, string from, string to)
    {
        using var copy = new InfrastructureCopy(path, from, to);
        return Deployment.Parse(await Compiled.SnapshotAsync(copy.Compiler, "dev"));
    }
}
