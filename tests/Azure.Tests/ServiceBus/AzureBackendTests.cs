using System.Text.Json;
using Azure.Core;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Azure.Monitor.OpenTelemetry.Exporter;
using Headgate.Azure;
using Headgate.Functions;
using Headgate.Functions.Options;
using Headgate.Functions.Security.Keys;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Headgate.Azure.Tests.ServiceBus;

public sealed class AzureBackendTests
{
    private const string Key = "hg_ops_abcdefghijklmnopqrstuvwxyz0123456789";

    [Fact]
    public void AddAzureBackend_Identity_RegistersEveryPort()
    {
        var services = new ServiceCollection().AddAzureBackend(Settings(
            ("Tables:serviceUri", "https://account.table.core.windows.net"),
            ("ServiceBus:fullyQualifiedNamespace", "name.servicebus.windows.net"),
            ("HEADGATE_ADMIN_KEY", Key)));

        Type[] ports = [typeof(ITableStore), typeof(IQueueSender), typeof(IQueueMetrics), typeof(IQueueDeadLetters), typeof(IRandomSource), typeof(TimeProvider)];
        Assert.All(ports, port => Assert.Contains(services, service => service.ServiceType == port));
    }

    [Theory]
    [InlineData("@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/operator-key)")]
    [InlineData("")]
    public void AddAzureBackend_OperatorKeyNotResolvedYet_StartsWithoutOne(string setting)
    {
        var services = new ServiceCollection().AddAzureBackend(Settings(
            ("Tables", "UseDevelopmentStorage=true"),
            ("ServiceBus:fullyQualifiedNamespace", "name.servicebus.windows.net"),
            ("HEADGATE_ADMIN_KEY", setting)));

        Assert.Contains(services, service => service.ServiceType == typeof(UnresolvedOperatorKey));
        Assert.DoesNotContain(services, service => service.ServiceType == typeof(OperatorKey));
    }

    [Fact]
    public void AddAzureBackend_OperatorKeyNeverAskedFor_WaitsForNone()
    {
        var services = new ServiceCollection().AddAzureBackend(Settings(("Tables", "UseDevelopmentStorage=true"), ("ServiceBus:fullyQualifiedNamespace", "name.servicebus.windows.net")));

        Assert.DoesNotContain(services, service => service.ServiceType == typeof(UnresolvedOperatorKey));
    }

    [Fact]
    public void AddAzureBackend_WithTelemetryAsTheAppsIdentity_MakesOneCredentialForAll()
    {
        var settings = Settings(
            ("Tables:serviceUri", "https://account.table.core.windows.net"),
            ("ServiceBus:fullyQualifiedNamespace", "name.servicebus.windows.net"),
            ("APPLICATIONINSIGHTS_CONNECTION_STRING", $"InstrumentationKey={Guid.Empty}"),
            ("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "ClientId=1;Authorization=AAD"));
        using var provider = new ServiceCollection().AddAzureBackend(settings).AddTelemetryExport(settings).BuildServiceProvider();

        var credential = Assert.Single(provider.GetServices<TokenCredential>());
        Assert.Same(credential, provider.GetRequiredService<IOptions<AzureMonitorExporterOptions>>().Value.Credential);
    }

    [Fact]
    public void AddAzureBackend_ConnectionStrings_AreEnough()
    {
        var services = new ServiceCollection().AddAzureBackend(Settings(
            ("Tables", "UseDevelopmentStorage=true"),
            ("ServiceBus", "Endpoint=sb://name.servicebus.windows.net/;SharedAccessKeyName=app;SharedAccessKey=c2VjcmV0")));

        Assert.Contains(services, service => service.ServiceType == typeof(ServiceBusClient));
    }

    [Fact]
    public void AddAzureBackend_TheSampleSettings_AreEnough()
    {
        using var sample = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "local.settings.sample.json")));
        var values = sample.RootElement.GetProperty("Values").EnumerateObject()
            .Select(value => (value.Name.Replace("__", ":", StringComparison.Ordinal), value.Value.GetString()!))
            .ToArray();

        var services = new ServiceCollection().AddAzureBackend(Settings(values));

        Assert.Contains(services, service => service.ServiceType == typeof(ITableStore));
    }

    [Fact]
    public void AddAzureBackend_NothingSet_EveryProblemAtOnce()
    {
        var failure = Assert.Throws<InvalidSettingsException>(() => new ServiceCollection().AddAzureBackend(Settings(("HEADGATE_ADMIN_KEY", "short"))));

        Assert.Contains("Tables:serviceUri: must be the account's table endpoint, unless Tables is a connection string", failure.Message, StringComparison.Ordinal);
        Assert.Contains("ServiceBus:fullyQualifiedNamespace: must be the namespace's host name, unless ServiceBus is a connection string", failure.Message, StringComparison.Ordinal);
        Assert.Contains("HEADGATE_ADMIN_KEY: must have the form", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ServiceBus", "Endpoint=sb://name.servicebus.windows.net/;SharedAccessKeyName=app;SharedAccessKey=c2VjcmV0")]
    [InlineData("ServiceBus:fullyQualifiedNamespace", "name.servicebus.windows.net")]
    public async Task AddAzureBackend_EitherFormOfTheBus_MakesBothClients(string setting, string value)
    {
        await using var provider = new ServiceCollection().AddAzureBackend(Settings(("Tables", "UseDevelopmentStorage=true"), (setting, value))).BuildServiceProvider();

        Assert.Equal("name.servicebus.windows.net", provider.GetRequiredService<ServiceBusClient>().FullyQualifiedNamespace);
        Assert.NotNull(provider.GetRequiredService<ServiceBusAdministrationClient>());
    }

    [Theory]
    [InlineData("nonsense c2VjcmV0")]
    [InlineData("SharedAccessKeyName=app;SharedAccessKey=c2VjcmV0")]
    [InlineData("Endpoint=sb://name.servicebus.windows.net/")]
    public void AddAzureBackend_ConnectionStringOfTheBusUnreadable_IsAProblemThatShowsNoKey(string connection)
    {
        var failure = Assert.Throws<InvalidSettingsException>(() => new ServiceCollection().AddAzureBackend(Settings(
            ("Tables", "UseDevelopmentStorage=true"), ("ServiceBus", connection))));

        Assert.StartsWith("ServiceBus: must be the connection string of a namespace", failure.Problems.Single().ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", failure.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Settings(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Name, setting.Value))).Build();
}
