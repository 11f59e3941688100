using Headgate.Azure.Tables;
using Headgate.Core.Validation;
using Headgate.Engine;
using Headgate.Functions;
using Headgate.Functions.Options;
using Headgate.Functions.Security.Keys;
using Headgate.Functions.Stores;
using Headgate.Functions.Telemetry;
using Headgate.LocalHost.Http;
using Headgate.LocalHost.Http.Mcp;
using Headgate.LocalHost.Invocation;
using Headgate.LocalHost.Options;
using Headgate.LocalHost.Triggers;
using Headgate.Ports;
using Headgate.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Headgate.LocalHost;

/// <summary>The app above the ports of this host.</summary>
internal static class LocalComposition
{
    /// <param name="configure">Replaces services, for tests; may be null.</param>
    public static WebApplication Build(
        StartPlan plan, EmbeddedStore storage, OperatorKey operatorKey, TimeProvider time, Action<IServiceCollection>? configure)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.AddKestrel(plan.Options);
        builder.Logging.AddLocal(plan.HostJson);
        var services = builder.Services;
        services.Configure<HostOptions>(host => host.ShutdownTimeout = plan.Options.DrainTime);
        services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        services.AddSingleton(plan.Configuration).AddSingleton(time).AddSingleton(operatorKey);
        services.AddPorts(storage);
        if (plan.Options.Tables is { } tables)
            services.AddSharedTables(tables);
        else
            services.AddOwnTables(storage);
        services.AddHeadgate(plan.Configuration);
        services.AddTelemetryExport(plan.Configuration);
        services.AddSingleton<MetricsEndpoint>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<McpEndpoint>(provider, plan.Options, plan.HostJson));
        var pipeline = new FunctionPipeline(services);
        pipeline.UseHeadgate();
        services.AddSingleton(provider => new FunctionRunner(pipeline.Build(), provider));
        services.AddDurable(plan, storage);
        configure?.Invoke(services);
        return builder.Build();
    }

    /// <summary>Routes requests to the functions; answers wait for the log.</summary>
    /// <exception cref="StartRefusedException">Two functions answer one route, or one has a class that can't be made; lists every problem.</exception>
    public static void UseFunctions(this WebApplication app, StartPlan plan, EmbeddedStore storage)
    {
        var problems = new Problems();
        plan.Catalog.CheckClasses(app.Services.GetRequiredService<IServiceProviderIsService>(), problems);
        var runner = app.Services.GetRequiredService<FunctionRunner>();
        Func<ValueTask> flushed = storage.Log.FlushAsync;
        var endpoints = FunctionRoutes.Build(
            plan.Catalog, plan.HostJson.RoutePrefix, problems, entry => new FunctionEndpoint(entry, runner, flushed).InvokeAsync);
        if (problems.Any)
            throw new StartRefusedException(problems.Items);
        app.UseFunctions([endpoints, app.Services.GetRequiredService<MetricsEndpoint>().Route(), app.Services.GetRequiredService<McpEndpoint>().Route()], flushed);
    }

    private static void AddPorts(this IServiceCollection services, EmbeddedStore storage) => services
        .AddSingleton<IQueueSender>(storage.Queue)
        .AddSingleton<IQueueMetrics>(storage.Queue)
        .AddSingleton<IQueueDeadLetters>(storage.Queue)
        .AddSingleton<IRandomSource, SystemRandom>();

    private static void AddOwnTables(this IServiceCollection services, EmbeddedStore storage) => services
        .AddSingleton<ITableStore>(provider => new ToldTables(storage.Tables, provider.GetRequiredService<RowChanges>()))
        .AddSingleton(Arrangement.Alone);

    private static void AddSharedTables(this IServiceCollection services, string connectionString) => services
        .AddAzureTables(connectionString)
        .AddSingleton(Arrangement.SharedTables);

    private static void AddDurable(this IServiceCollection services, StartPlan plan, EmbeddedStore storage)
    {
        services.AddSingleton(provider => new DurableEngine(
            storage.Database,
            storage.Log,
            new DurableFunctions(plan.Catalog, provider.GetRequiredService<FunctionRunner>()),
            new DurableEngineOptions
            {
                MaxConcurrentActivityFunctions = plan.HostJson.MaxConcurrentActivities,
                MaxConcurrentOrchestratorFunctions = plan.HostJson.MaxConcurrentOrchestrators,
            },
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IRandomSource>(),
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<DurableTaskClient>(provider => provider.GetRequiredService<DurableEngine>().Client);
    }
}
