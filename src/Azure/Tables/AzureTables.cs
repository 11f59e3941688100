using Azure.Core;
using Azure.Data.Tables;
using Headgate.Azure.Tables.Recent;
using Headgate.Ports;
using Headgate.Ports.Recent;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Azure.Tables;

/// <summary>Registers the tables of a storage account. They need a registered queue, random source and clock.</summary>
public static class AzureTables
{
    /// <param name="services">The registrations.</param>
    /// <param name="connectionString">As the portal shows it; <c>UseDevelopmentStorage=true</c> for an emulator.</param>
    /// <param name="configure">Changes the client's options.</param>
    public static IServiceCollection AddAzureTables(
        this IServiceCollection services, string connectionString, Action<TableClientOptions>? configure = null) =>
        services.AddStore(options => new TableServiceClient(connectionString, options), configure);

    /// <param name="services">The registrations.</param>
    /// <param name="endpoint">The account's table endpoint, https.</param>
    /// <param name="credential">Needs the role Storage Table Data Contributor.</param>
    /// <param name="configure">Changes the client's options.</param>
    public static IServiceCollection AddAzureTables(
        this IServiceCollection services, Uri endpoint, TokenCredential credential, Action<TableClientOptions>? configure = null) =>
        services.AddStore(options => new TableServiceClient(endpoint, credential, options), configure);

    private static IServiceCollection AddStore(
        this IServiceCollection services, Func<TableClientOptions, TableServiceClient> connect, Action<TableClientOptions>? configure) => services
        .AddSingleton<TableRoundTrips>()
        .AddSingleton(provider =>
        {
            var options = Options(provider.GetRequiredService<TableRoundTrips>());
            configure?.Invoke(options);
            return connect(options);
        })
        .AddSingleton<RecentRows>()
        .AddSingleton<IRecentRows>(provider => provider.GetRequiredService<RecentRows>())
        .AddSingleton<ITableStore, AzureTableStore>();

    private static TableClientOptions Options(TableRoundTrips trips)
    {
        var options = new TableClientOptions { RetryPolicy = new BriefRetry() };
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(2);
        options.AddPolicy(trips.Policy, HttpPipelinePosition.PerRetry);
        return options;
    }
}
