using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Headgate.Core.Validation;
using Headgate.Functions.Azure.ServiceBus;
using Headgate.Functions.Azure.Tables;
using Headgate.Functions.Dispatch;
using Headgate.Functions.Dispatch.Shared;
using Headgate.Functions.Options;
using Headgate.Functions.Ports;
using Headgate.Functions.Security.Keys;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Headgate.Functions.Azure;

/// <summary>
/// The ports in Azure. <c>Tables</c> and <c>ServiceBus</c> are connection strings, or, for the app's identity, <c>Tables:serviceUri</c> and
/// <c>ServiceBus:fullyQualifiedNamespace</c>. <c>HEADGATE_ADMIN_KEY</c> is the operator's key, where there is to be one.
/// </summary>
public static class AzureGround
{
    private const string Tables = "Tables";
    private const string TablesUri = "Tables:serviceUri";
    private const string Bus = "ServiceBus";
    private const string BusNamespace = "ServiceBus:fullyQualifiedNamespace";
    private const string AdminKey = "HEADGATE_ADMIN_KEY";

    /// <exception cref="InvalidSettingsException">Settings cannot be used; lists every problem.</exception>
    public static IServiceCollection AddAzureGround(this IServiceCollection services, IConfiguration configuration)
    {
        var problems = new Problems();
        services.TryAddSingleton(TimeProvider.System);
        services
            .AddSingleton<IRandomSource, SystemRandom>()
            .AddSingleton<IReadyTasks, TableReadyTasks>()
            .AddSingleton<IQueueSender, ServiceBusQueue>()
            .AddSingleton<IQueueMetrics, ServiceBusMetrics>();
        services.AddTables(configuration, problems);
        services.AddBus(configuration, problems);
        services.AddOperator(configuration, problems);
        return problems.Any ? throw new InvalidSettingsException(problems) : services;
    }

    private static void AddTables(this IServiceCollection services, IConfiguration configuration, Problems problems)
    {
        if (configuration[Tables] is { Length: > 0 } connection)
            services.AddAzureTables(connection);
        else if (Uri.TryCreate(configuration[TablesUri], UriKind.Absolute, out var endpoint))
            services.AddAzureTables(endpoint, new DefaultAzureCredential());
        else
            problems.Add(TablesUri, $"must be the account's table endpoint, unless {Tables} is a connection string");
    }

    private static void AddBus(this IServiceCollection services, IConfiguration configuration, Problems problems)
    {
        var connection = configuration[Bus];
        var name = configuration[BusNamespace] ?? NamespaceOf(connection);
        if (string.IsNullOrEmpty(name))
        {
            problems.Add(BusNamespace, $"must be the namespace's host name, unless {Bus} is a connection string");
            return;
        }

        services
            .AddSingleton(_ => string.IsNullOrEmpty(connection) ? new ServiceBusClient(name, new DefaultAzureCredential()) : new ServiceBusClient(connection))
            .AddSingleton(_ => new ServiceBusAdministrationClient(name, new DefaultAzureCredential()));
    }

    private static void AddOperator(this IServiceCollection services, IConfiguration configuration, Problems problems)
    {
        if (configuration[AdminKey] is not { Length: > 0 } text)
            return;
        if (OperatorKey.Read(text, out var problem) is { } key)
            services.AddSingleton(key);
        else
            problems.Add(AdminKey, problem!);
    }

    private static string? NamespaceOf(string? connection)
    {
        const string Endpoint = "Endpoint=";
        var part = connection?.Split(';').FirstOrDefault(part => part.StartsWith(Endpoint, StringComparison.OrdinalIgnoreCase));
        return part is not null && Uri.TryCreate(part[Endpoint.Length..], UriKind.Absolute, out var endpoint) ? endpoint.Host : null;
    }
}
