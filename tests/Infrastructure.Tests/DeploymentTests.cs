using System.Text.Json;
using Headgate.Functions.Ports;
using Headgate.Functions.Runs;
using Headgate.Infrastructure.Tests.Bicep;
using Headgate.Infrastructure.Tests.Bicep.Evaluation;

namespace Headgate.Infrastructure.Tests;

/// <summary>What would be deployed is what the app is written for, and closed where it should be.</summary>
public sealed class DeploymentTests
{
    private static readonly Dictionary<string, string> Environment = new(StringComparer.Ordinal)
    {
        ["HEADGATE_ADMIN_KEY"] = "a key",
        ["HEADGATE_BUDGET_START"] = "2030-01-01",
        ["HEADGATE_ALERT_EMAILS"] = "one@example.org,two@example.org",
        ["AZURE_PRINCIPAL_ID"] = "00000000-0000-0000-0000-000000000000",
    };

    private static readonly Deployment Dev = Deployment.Of(BicepSources.OfRepository, "bicep/dev.bicepparam", Environment);
    private static readonly Deployment Prod = Deployment.Of(BicepSources.OfRepository, "bicep/prod.bicepparam", Environment);
    private static readonly Deployment Scheduled = Deployment.Of(
        BicepSources.OfRepository.With("bicep/dev.bicepparam", BicepSources.OfRepository["bicep/dev.bicepparam"] + "param durableBackend = 'DurableTaskScheduler'\n"),
        "bicep/dev.bicepparam",
        Environment);

    public static TheoryData<string> ParameterFiles => ["bicep/main.bicepparam", "bicep/dev.bicepparam", "bicep/prod.bicepparam"];

    [Theory]
    [MemberData(nameof(ParameterFiles))]
    public void Settings_OfEachEnvironment_AreTheApps(string parameterFile) =>
        Assert.Empty(Settings.Problems(Settings.Of(Deployment.Of(BicepSources.OfRepository, parameterFile))));

    [Fact]
    public void Settings_WithTheScheduler_LeadDurableFunctionsToIt()
    {
        var settings = Settings.Of(Scheduled);

        Assert.Empty(Settings.Problems(settings));
        Assert.Equal("azureManaged", settings["AzureFunctionsJobHost__extensions__durableTask__storageProvider__type"]);
        var connection = settings["AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName"];
        Assert.StartsWith("Endpoint=<scheduler.properties.endpoint>;Authentication=ManagedIdentity;ClientID=", settings[connection], StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_WithoutTheScheduler_NameItNowhere() => Assert.DoesNotContain(Settings.Of(Dev).Keys, name => name.Contains("durableTask", StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void Queue_Deployed_IsTheOneTheAppListensOn()
    {
        var queue = Dev.Single("Microsoft.ServiceBus/namespaces/queues");

        Assert.Equal(RunQueue.Name, queue.Name);
        Assert.Equal(true, queue["properties.requiresDuplicateDetection"]);
        Assert.Equal("PT1M", queue["properties.duplicateDetectionHistoryTimeWindow"]);
        Assert.Equal(true, queue["properties.deadLetteringOnMessageExpiration"]);
    }

    [Fact]
    public void Tables_Deployed_AreTheApps() =>
        Assert.Equal(
            Enum.GetNames<Table>().Select(name => name.ToLowerInvariant()).Order(StringComparer.Ordinal),
            Dev.All("Microsoft.Storage/storageAccounts/tableServices/tables").Select(table => table.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Hub_OfTheScheduler_IsTheOneInHostJson()
    {
        using var host = JsonDocument.Parse(Repository.Text("host.json"));
        var hub = host.RootElement.GetProperty("extensions").GetProperty("durableTask").GetProperty("hubName").GetString();

        Assert.Equal(hub, Scheduled.Single("Microsoft.DurableTask/schedulers/taskHubs").Name);
    }

    [Fact]
    public void Runtime_Deployed_IsTheOneTheAppIsBuiltFor()
    {
        var version = (string)Dev.Single("Microsoft.Web/sites")["properties.functionAppConfig.runtime.version"]!;

        Assert.Contains($"<TargetFramework>net{version}</TargetFramework>", Repository.Text("Directory.Build.props"), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_OfEveryService_AreOff()
    {
        Assert.Equal(false, Dev.Single("Microsoft.Storage/storageAccounts")["properties.allowSharedKeyAccess"]);
        Assert.Equal(true, Dev.Single("Microsoft.ServiceBus/namespaces")["properties.disableLocalAuth"]);
        Assert.Equal(true, Dev.Single("Microsoft.Insights/components")["properties.DisableLocalAuth"]);
        Assert.Equal(true, Dev.Single("Microsoft.KeyVault/vaults")["properties.enableRbacAuthorization"]);
        Assert.All(Dev.All("Microsoft.Web/sites/basicPublishingCredentialsPolicies"), policy => Assert.Equal(false, policy["properties.allow"]));
        Assert.Equal(true, Dev.Single("Microsoft.Web/sites")["properties.httpsOnly"]);
    }

    [Theory]
    [InlineData("Microsoft.Storage/storageAccounts")]
    [InlineData("Microsoft.ServiceBus/namespaces")]
    [InlineData("Microsoft.KeyVault/vaults")]
    public void Store_BehindTheSwitch_IsReachedPrivatelyAlone(string type)
    {
        Assert.Equal("Enabled", Dev.Single(type)["properties.publicNetworkAccess"]);
        Assert.Equal("Disabled", Prod.Single(type)["properties.publicNetworkAccess"]);
        Assert.Contains(Prod.All("Microsoft.Network/privateEndpoints"), endpoint => endpoint.Name.StartsWith($"pep-{Prod.Single(type).Name}-", StringComparison.Ordinal));
    }

    [Fact]
    public void Network_WithTheSwitchOff_IsNotThere() =>
        Assert.DoesNotContain(Dev.Resources, resource => resource.Type.StartsWith("Microsoft.Network/", StringComparison.Ordinal));

    [Fact]
    public void Network_WithTheSwitchOn_HasAZoneALinkAndARecordForEachEndpoint()
    {
        Assert.Equal(5, Prod.All("Microsoft.Network/privateEndpoints").Count());
        Assert.Equal(5, Prod.All("Microsoft.Network/privateDnsZones").DistinctBy(zone => zone.Name).Count());
        Assert.Equal(5, Prod.All("Microsoft.Network/privateDnsZones/virtualNetworkLinks").Count());
        Assert.Equal(5, Prod.All("Microsoft.Network/privateEndpoints/privateDnsZoneGroups").Count());
    }

    [Fact]
    public void Roles_OfTheApp_AreTheFewestItNeeds() =>
        Assert.Equal(
            [
                "appOnInsights 3913510d-42f4-4e42-8a64-420c390055eb on insights",
                "appOnQueue 090c5cfd-751d-490a-894a-3ce6f1109419 on queue",
                "appOnStorage 0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3 on storage",
                "appOnStorage 974c5e8b-45b9-4653-ba55-5f855dd0fb88 on storage",
                "appOnStorage b7e6dc6d-f1e8-4753-8033-0f276bb0955b on storage",
                "appOnVault 4633458b-17de-408a-b874-0445c86b69e6 on vault",
                "operatorOnVault 4633458b-17de-408a-b874-0445c86b69e6 on vault",
            ],
            Roles(Dev));

    [Fact]
    public void Roles_WithTheScheduler_GainOneOnIt() =>
        Assert.Equal(["appOnScheduler 0ad04412-c4d5-4796-b79c-f76d14c8d402 on scheduler"], Roles(Scheduled).Except(Roles(Dev)));

    [Fact]
    public void RoleAssignments_InAllFiles_StandInOne() =>
        Assert.Equal(["bicep/access/roles.bicep"], Dev.All("Microsoft.Authorization/roleAssignments").Select(assignment => assignment.File).Distinct());

    [Fact]
    public void Operator_KeyNotGiven_LeavesTheVaultAsItIs()
    {
        Assert.Single(Dev.All("Microsoft.KeyVault/vaults/secrets"));
        Assert.Empty(Deployment.Of(BicepSources.OfRepository, "bicep/dev.bicepparam").All("Microsoft.KeyVault/vaults/secrets"));
    }

    [Fact]
    public void Receivers_OfAlerts_AreTheAddressesGiven()
    {
        var receivers = (List<object?>)Dev.Single("Microsoft.Insights/actionGroups")["properties.emailReceivers"]!;

        Assert.Equal(["one@example.org", "two@example.org"], receivers.Select(receiver => ((Dictionary<string, object?>)receiver!)["emailAddress"]));
    }

    [Fact]
    public void AvailabilityTest_Deployed_AsksForHealth() =>
        Assert.EndsWith("/health", (string)Dev.Single("Microsoft.Insights/webtests")["properties.Request.RequestUrl"]!, StringComparison.Ordinal);

    [Fact]
    public void Budget_OnlyWhereWanted_IsThere()
    {
        Assert.Empty(Dev.All("Microsoft.Consumption/budgets"));
        Assert.Equal("2030-01-01", Prod.Single("Microsoft.Consumption/budgets")["properties.timePeriod.startDate"]);
    }

    private static List<string> Roles(Deployment deployment) =>
        [.. deployment.All("Microsoft.Authorization/roleAssignments")
            .Select(assignment => $"{assignment.Symbol} {((string)assignment["properties.roleDefinitionId"]!).Split('/')[^1]} on {((ResourceValue)assignment["scope"]!).Resource.Name}")
            .Order(StringComparer.Ordinal)];
}
