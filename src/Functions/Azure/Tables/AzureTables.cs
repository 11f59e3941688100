using Azure.Core;
using Azure.Data.Tables;
using Headgate.Functions.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Functions.Azure.Tables;

/// <summary>Registers the tables of a storage account. Queue and chance are registered by others.</summary>
public static class AzureTables
{
    /// <param name="services">Where to.</param>
    /// <param name="connectionString">As the portal gives it out; <c>UseDevelopmentStorage=true</c> for an emulator, <c>TableEndpoint=</c> honoured.</param>
    public static IServiceCollection AddAzureTables(this IServiceCollection services, string connectionString) =>
        services.AddStore(options => new TableServiceClient(connectionString, options));

    /// <param name="services">Where to.</param>
    /// <param name="endpoint">The account's table endpoint, https.</param>
    /// <param name="credential">Needs the role Storage Table Data Contributor.</param>
    public static IServiceCollection AddAzureTables(this IServiceCollection services, Uri endpoint, TokenCredential credential) =>
        services.AddStore(options => new TableServiceClient(endpoint, credential, options));

    /// <summary>Four tries within seconds: whoever waits for an answer would rather hear that there is none.</summary>
    internal static TableClientOptions Options(TableRoundTrips trips)
    {
        var options = new TableClientOptions();
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.MaxRetries = 3;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(2);
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(10);
        options.AddPolicy(trips.Policy, HttpPipelinePosition.PerRetry);
        return options;
    }

    private static IServiceCollection AddStore(this IServiceCollection services, Func<TableClientOptions, TableServiceClient> connect) => services
        .AddSingleton<TableRoundTrips>()
        .AddSingleton(provider => connect(Options(provider.GetRequiredService<TableRoundTrips>())))
        .AddSingleton<ITableStore, AzureTableStore>();
}
