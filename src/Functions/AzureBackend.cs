using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Headgate.Azure.ServiceBus;
using Headgate.Azure.Tables;
using Headgate.Core.Validation;
using Headgate.Functions.Options;
using Headgate.Functions.Security.Keys;
using Headgate.Ports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Headgate.Functions;

/// <summary>
/// The ports in Azure. <c>Tables</c> and <c>ServiceBus</c> are connection strings, or, for the app's identity, <c>Tables:serviceUri</c> and
/// <c>ServiceBus:fullyQualifiedNamespace</c>. <c>HEADGATE_ADMIN_KEY</c> is the operator's key, where there is to be one;
/// a reference to the vault that does not resolve yet stops nobody but operators.
/// </summary>
public static class AzureBackend
{
    private const string Tables = "Tables";
    private const string TablesUri = "Tables:serviceUri";
    private const string Bus = "ServiceBus";
    private const string BusNamespace = "ServiceBus:fullyQualifiedNamespace";
    private const string AdminKey = "HEADGATE_ADMIN_KEY";

    /// <exception cref="InvalidSettingsException">Settings cannot be used; lists every problem.</exception>
    public static IServiceCollection AddAzureBackend(this IServiceCollection services, IConfiguration configuration)
    {
        var problems = new Problems();
        services.AddAzureBackend(configuration, problems);
        return problems.Any ? throw new InvalidSettingsException(problems) : services;
    }

    /// <param name="problems">Receives every problem of the settings; the app must not start with any.</param>
    public static void AddAzureBackend(this IServiceCollection services, IConfiguration configuration, Problems problems)
    {
        services.TryAddSingleton(TimeProvider.System);
        services
            .AddSingleton<IRandomSource, SystemRandom>()
            .AddSingleton(Arrangement.SharedAll)
            .AddSingleton<IQueueSender, ServiceBusQueue>()
            .AddSingleton<IQueueMetrics, ServiceBusMetrics>()
            .AddSingleton<IQueueDeadLetters, ServiceBusDeadLetters>();
        // One for all clients: each would ask for tokens of its own.
        var identity = new DefaultAzureCredential();
        services.AddSingleton<TokenCredential>(identity);
        services.AddTables(configuration, identity, problems);
        services.AddBus(configuration, identity, problems);
        services.AddOperator(configuration, problems);
    }

    private static void AddTables(this IServiceCollection services, IConfiguration configuration, TokenCredential identity, Problems problems)
    {
        if (configuration[Tables] is { Length: > 0 } connection)
        {
            if (IsAccount(connection))
                services.AddAzureTables(connection);
            else
                problems.Add(Tables, "must be the connection string of a storage account, 'TableEndpoint=https://…' or 'AccountName=…;AccountKey=…' in it");
        }
        else if (Uri.TryCreate(configuration[TablesUri], UriKind.Absolute, out var endpoint) && endpoint.Scheme == Uri.UriSchemeHttps)
            services.AddAzureTables(endpoint, identity);
        else
            problems.Add(TablesUri, $"must be the account's table endpoint, unless {Tables} is a connection string");
    }

    private static bool IsAccount(string connection)
    {
        try
        {
            _ = new TableServiceClient(connection);
            return true;
        }
        catch (Exception unreadable) when (unreadable is FormatException or ArgumentException or InvalidOperationException)
        {
            // The client's own words may hold the key.
            return false;
        }
    }

    private static void AddBus(this IServiceCollection services, IConfiguration configuration, TokenCredential identity, Problems problems)
    {
        if (configuration[Bus] is { Length: > 0 } connection && IsConnection(connection, problems))
            services.AddSingleton(_ => new ServiceBusClient(connection, OneTry())).AddSingleton(_ => new ServiceBusAdministrationClient(connection, OneQuestion()));
        else if (configuration[BusNamespace] is { Length: > 0 } name)
            services.AddSingleton(_ => new ServiceBusClient(name, identity, OneTry())).AddSingleton(_ => new ServiceBusAdministrationClient(name, identity, OneQuestion()));
        else if (string.IsNullOrEmpty(configuration[Bus]))
            problems.Add(BusNamespace, $"must be the namespace's host name, unless {Bus} is a connection string");
    }

    // Whoever sends has an outbox, and whoever measures measures again. A new connection takes a second or two.
    private static ServiceBusClientOptions OneTry() => new() { RetryOptions = new() { MaxRetries = 0, TryTimeout = TimeSpan.FromSeconds(10) } };

    private static ServiceBusAdministrationClientOptions OneQuestion() => new() { Retry = { MaxRetries = 0 } };

    private static bool IsConnection(string connection, Problems problems)
    {
        try
        {
            if (ServiceBusConnectionStringProperties.Parse(connection) is { Endpoint: not null } parts && (parts.SharedAccessKey ?? parts.SharedAccessSignature) is not null)
                return true;
        }
        catch (Exception unreadable) when (unreadable is FormatException or ArgumentException)
        {
            // The client's own words may hold the key.
        }

        problems.Add(Bus, "must be the connection string of a namespace, 'Endpoint=sb://…;SharedAccessKeyName=…;SharedAccessKey=…'");
        return false;
    }

    private static void AddOperator(this IServiceCollection services, IConfiguration configuration, Problems problems)
    {
        if (configuration[AdminKey] is not { } text)
            return;
        if (UnresolvedOperatorKey.Is(text))
            services.AddSingleton<UnresolvedOperatorKey>();
        else if (OperatorKey.Read(text, out var problem) is { } key)
            services.AddSingleton(key);
        else
            problems.Add(AdminKey, problem!);
    }
}
