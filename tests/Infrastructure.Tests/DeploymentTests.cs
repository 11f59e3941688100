using System.Text.Json;
using System.Text.Json.Nodes;
using Headgate.Functions.Admission;
using Headgate.Infrastructure.Tests.Bicep;
using Headgate.Infrastructure.Tests.Deployed;
using Headgate.Infrastructure.Tests.Rules;
using Headgate.Ports;

namespace Headgate.Infrastructure.Tests;

/// <summary>What would be deployed is what the app is written for, and closed where it should be.</summary>
public sealed class DeploymentTests : IAsyncLifetime
{
    private Deployment _dev = null!;
    private Deployment _prod = null!;
    private Deployment _scheduled = null!;

    public static TheoryData<string> ParameterFiles => [.. Sources.ParameterFiles];

    public async Task InitializeAsync()
    {
        _dev = await Compiled.DeploymentAsync("dev");
        _prod = await Compiled.DeploymentAsync("prod");
        _scheduled = await Compiled.Scheduled;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [MemberData(nameof(ParameterFiles))]
    public async Task Settings_OfEachEnvironment_AreTheApps(string parameterFile) =>
        Assert.Empty(Settings.Problems(Settings.Of(await Compiled.DeploymentAsync(parameterFile))));

    [Fact]
    public void Settings_ThatOnlyAzureKnows_ComeFromTheRightParts()
    {
        var settings = Settings.Of(_dev);

        Assert.Equal("<storage.tableEndpoint>", settings["Tables__serviceUri"]);
        Assert.Equal("<bus.hostName>", settings["ServiceBus__fullyQualifiedNamespace"]);
        Assert.Equal("<monitoring.connectionString>", settings["APPLICATIONINSIGHTS_CONNECTION_STRING"]);
        Assert.Equal("ClientId=<identity.clientId>;Authorization=AAD", settings["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"]);
        Assert.Equal("@Microsoft.KeyVault(SecretUri=<vault.operatorKeyUri>)", settings["HEADGATE_ADMIN_KEY"]);
        Assert.Equal(_dev.Single("Microsoft.Storage/storageAccounts").Name, settings["AzureWebJobsStorage__accountName"]);
        Assert.All(["AZURE_CLIENT_ID", "AzureWebJobsStorage__clientId", "ServiceBus__clientId"], name => Assert.Equal("<identity.clientId>", settings[name]));
    }

    [Fact]
    public void Settings_WithTheScheduler_LeadDurableFunctionsToIt()
    {
        var settings = Settings.Of(_scheduled);

        Assert.Empty(Settings.Problems(settings));
        using var host = JsonDocument.Parse(Repository.Text("host.scheduler.json"));
        var provider = host.RootElement.GetProperty("extensions").GetProperty("durableTask").GetProperty("storageProvider");
        Assert.Equal("azureManaged", provider.GetProperty("type").GetString());
        Assert.Equal("Endpoint=<scheduler.endpoint>;Authentication=ManagedIdentity;ClientID=<identity.clientId>", settings[provider.GetProperty("connectionStringName").GetString()!]);
    }

    [Fact]
    public void Settings_WithoutTheScheduler_NameItNowhere() => Assert.DoesNotContain(Settings.Of(_dev).Keys, name => name.Contains("DURABLE", StringComparison.OrdinalIgnoreCase));

    /// <summary>The platform scales orchestrations by the host.json in the package, whatever the settings say.</summary>
    [Fact]
    public void Settings_OfEitherBackend_OverrideNothingOfHostJson() =>
        Assert.DoesNotContain(Settings.Of(_scheduled).Keys.Concat(Settings.Of(_dev).Keys), name => name.StartsWith("AzureFunctionsJobHost__", StringComparison.Ordinal));

    [Fact]
    public void HostFiles_OfTheTwoBackends_DifferInTheStorageProviderAlone()
    {
        var (storage, scheduler) = (JsonNode.Parse(Repository.Text("host.json"))!, JsonNode.Parse(Repository.Text("host.scheduler.json"))!);
        Assert.True(((JsonObject)storage["extensions"]!["durableTask"]!).Remove("storageProvider"));
        Assert.True(((JsonObject)scheduler["extensions"]!["durableTask"]!).Remove("storageProvider"));

        Assert.Equal(storage.ToJsonString(), scheduler.ToJsonString());
    }

    [Fact]
    public void Queue_Deployed_IsTheOneTheAppListensOn()
    {
        var queue = _dev.Single("Microsoft.ServiceBus/namespaces/queues");

        Assert.Equal(RunQueue.Name, queue.Name);
        Assert.Equal("true", queue["properties.requiresDuplicateDetection"]);
        Assert.Equal("PT1M", queue["properties.duplicateDetectionHistoryTimeWindow"]);
        Assert.Equal("true", queue["properties.deadLetteringOnMessageExpiration"]);
    }

    [Fact]
    public void Tables_Deployed_AreTheApps() =>
        Assert.Equal(
            Enum.GetNames<Table>().Select(name => name.ToLowerInvariant()).Order(StringComparer.Ordinal),
            _dev.All("Microsoft.Storage/storageAccounts/tableServices/tables").Select(table => table.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Hub_OfTheScheduler_IsTheOneInHostJson()
    {
        using var host = JsonDocument.Parse(Repository.Text("host.json"));
        var hub = host.RootElement.GetProperty("extensions").GetProperty("durableTask").GetProperty("hubName").GetString();

        Assert.Equal(hub, _scheduled.Single("Microsoft.DurableTask/schedulers/taskHubs").Name);
    }

    [Fact]
    public void Runtime_Deployed_IsTheOneTheAppIsBuiltFor()
    {
        var version = _dev.Single("Microsoft.Web/sites")["properties.functionAppConfig.runtime.version"];

        Assert.Contains($"<TargetFramework>net{version}</TargetFramework>", Repository.Text("Directory.Build.props"), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_OfEveryService_AreOff()
    {
        Assert.Equal("false", _dev.Single("Microsoft.Storage/storageAccounts")["properties.allowSharedKeyAccess"]);
        Assert.Equal("true", _dev.Single("Microsoft.ServiceBus/namespaces")["properties.disableLocalAuth"]);
        Assert.Equal("true", _dev.Single("Microsoft.Insights/components")["properties.DisableLocalAuth"]);
        Assert.Equal("true", _dev.Single("Microsoft.KeyVault/vaults")["properties.enableRbacAuthorization"]);
        Assert.Equal(
            ["ftp: false", "scm: false"],
            _dev.All("Microsoft.Web/sites/basicPublishingCredentialsPolicies").Select(policy => $"{policy.Name}: {policy["properties.allow"]}").Order(StringComparer.Ordinal));
        Assert.Equal("true", _dev.Single("Microsoft.Web/sites")["properties.httpsOnly"]);
    }

    [Theory]
    [InlineData("Microsoft.Storage/storageAccounts")]
    [InlineData("Microsoft.ServiceBus/namespaces")]
    [InlineData("Microsoft.KeyVault/vaults")]
    public void Store_BehindTheSwitch_IsReachedPrivatelyAlone(string type)
    {
        Assert.Equal("Enabled", _dev.Single(type)["properties.publicNetworkAccess"]);
        Assert.Equal("Disabled", _prod.Single(type)["properties.publicNetworkAccess"]);
        Assert.Contains(_prod.All("Microsoft.Network/privateEndpoints"), endpoint => endpoint.Name.StartsWith($"pep-{_prod.Single(type).Name}-", StringComparison.Ordinal));
    }

    [Fact]
    public void Network_WithTheSwitchOff_IsNotThere() =>
        Assert.DoesNotContain(_dev.Resources, resource => resource.Type.StartsWith("Microsoft.Network/", StringComparison.Ordinal));

    [Fact]
    public void Network_WithTheSwitchOn_HasAZoneALinkAndARecordForEachEndpoint()
    {
        Assert.Equal(5, _prod.All("Microsoft.Network/privateEndpoints").Count());
        Assert.Equal(5, _prod.All("Microsoft.Network/privateDnsZones").DistinctBy(zone => zone.Id).Count());
        Assert.Equal(5, _prod.All("Microsoft.Network/privateDnsZones/virtualNetworkLinks").Count());
        Assert.Equal(5, _prod.All("Microsoft.Network/privateEndpoints/privateDnsZoneGroups").Count());
    }

    [Fact]
    public void Roles_OfAppAndOperator_AreTheFewestTheyNeed() =>
        Assert.Equal(
            [
                "11111111-1111-1111-1111-111111111111: Key Vault Secrets User on Microsoft.KeyVault/vaults",
                "<identity.principalId>: Azure Service Bus Data Owner on Microsoft.ServiceBus/namespaces/queues",
                "<identity.principalId>: Key Vault Secrets User on Microsoft.KeyVault/vaults",
                "<identity.principalId>: Monitoring Metrics Publisher on Microsoft.Insights/components",
                "<identity.principalId>: Storage Blob Data Owner on Microsoft.Storage/storageAccounts",
                "<identity.principalId>: Storage Queue Data Contributor on Microsoft.Storage/storageAccounts",
                "<identity.principalId>: Storage Table Data Contributor on Microsoft.Storage/storageAccounts",
            ],
            Roles.Of(_dev));

    [Fact]
    public void Roles_WithTheScheduler_GainOneOnIt() =>
        Assert.Equal(["<identity.principalId>: Durable Task Data Contributor on Microsoft.DurableTask/schedulers"], Roles.Of(_scheduled).Except(Roles.Of(_dev)));

    [Fact]
    public void Roles_OfTheApp_AreNamedForItsIdentitysId() =>
        Assert.All(
            _dev.All("Microsoft.Authorization/roleAssignments").Where(assignment => assignment["properties.principalId"] == "<identity.principalId>"),
            assignment => Assert.Contains(", <identity.principalId>, '", assignment["name"], StringComparison.Ordinal));

    [Fact]
    public void Roles_OfEveryEnvironment_AreTheSame() => Assert.Equal(Roles.Of(_dev), Roles.Of(_prod));

    [Fact]
    public void Operator_KeyNotGiven_LeavesTheVaultAsItIs()
    {
        var secret = _dev.Single("Microsoft.KeyVault/vaults/secrets");

        Assert.Equal("[not(empty(parameters('operatorKey')))]", secret["condition"]);
        Assert.Equal("[parameters('operatorKey')]", secret["properties.value"]);
    }

    [Fact]
    public void Receivers_OfAlerts_AreTheAddressesGiven()
    {
        var group = _dev.Single("Microsoft.Insights/actionGroups");

        Assert.Equal(
            ["one@example.org", "two@example.org", null],
            Enumerable.Range(0, 3).Select(i => group[$"properties.emailReceivers.{i}.emailAddress"]));
    }

    [Fact]
    public void AvailabilityTest_Deployed_AsksForHealth() => Assert.Equal("<app.url>/health", _dev.Single("Microsoft.Insights/webtests")["properties.Request.RequestUrl"]);

    [Fact]
    public async Task Availability_BeforeTheFirstDeploymentOfCode_IsWatchedByNobody()
    {
        using var copy = new InfrastructureCopy("bicep/dev.bicepparam", "bool(readEnvironmentVariable('HEADGATE_LIVE', 'true'))", "false");
        var first = Deployment.Parse(await Compiled.SnapshotAsync(copy.Compiler, "dev"));

        Assert.Equal("false", first.Single("Microsoft.Insights/webtests")["properties.Enabled"]);
        Assert.Equal(["headgate-dev-unavailable"], first.All("Microsoft.Insights/metricAlerts").Where(alert => alert["properties.enabled"] == "false").Select(alert => alert.Name));
        Assert.Equal("true", _dev.Single("Microsoft.Insights/webtests")["properties.Enabled"]);
        Assert.All(_dev.All("Microsoft.Insights/metricAlerts"), alert => Assert.Equal("true", alert["properties.enabled"]));
    }

    [Fact]
    public void AlwaysReady_InProduction_IsOneForHttpAndOneForDurable()
    {
        var app = _prod.Single("Microsoft.Web/sites");
        var groups = Enumerable.Range(0, 5).Select(i => app[$"properties.functionAppConfig.scaleAndConcurrency.alwaysReady.{i}.name"]).OfType<string>().ToList();

        Assert.Equal(["http", "durable"], groups);
        Assert.Equal("1", app["properties.functionAppConfig.scaleAndConcurrency.alwaysReady.0.instanceCount"]);
        Assert.Equal("1", app["properties.functionAppConfig.scaleAndConcurrency.alwaysReady.1.instanceCount"]);
        Assert.Empty(groups.Except(ScaleGroups.OfTheApp));
    }

    [Fact]
    public async Task Vault_PrivateWithOperatorsAddresses_IsReachedFromThoseAlone()
    {
        using var copy = new InfrastructureCopy("bicep/prod.bicepparam", "filter(map(split(readEnvironmentVariable('HEADGATE_OPERATOR_ADDRESSES', ''), ','), address => trim(address)), address => !empty(address))", "['203.0.113.7']");
        var vault = Deployment.Parse(await Compiled.SnapshotAsync(copy.Compiler, "prod")).Single("Microsoft.KeyVault/vaults");

        Assert.Equal("Enabled", vault["properties.publicNetworkAccess"]);
        Assert.Equal("Deny", vault["properties.networkAcls.defaultAction"]);
        Assert.Equal("203.0.113.7", vault["properties.networkAcls.ipRules.0.value"]);
        Assert.Equal("Deny", _prod.Single("Microsoft.KeyVault/vaults")["properties.networkAcls.defaultAction"]);
    }

    [Fact]
    public void Budget_OnlyWhereWanted_IsThere()
    {
        Assert.Empty(_dev.All("Microsoft.Consumption/budgets"));
        Assert.Equal("2030-01-01", _prod.Single("Microsoft.Consumption/budgets")["properties.timePeriod.startDate"]);
    }
}
