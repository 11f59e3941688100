using Headgate.Core.Validation;
using Headgate.Functions.Audit;
using Headgate.Functions.Http;
using Headgate.Functions.Options;
using Headgate.Functions.Runs;
using Headgate.Functions.Security;
using Headgate.Functions.Stores;
using Headgate.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Headgate.Functions;

/// <summary>The one place that puts the app together. The ports are registered by the ground it runs on.</summary>
public static class Composition
{
    /// <exception cref="InvalidSettingsException">Settings cannot be used; lists every problem.</exception>
    public static IServiceCollection AddHeadgate(this IServiceCollection services, IConfiguration configuration)
    {
        var problems = new Problems();
        services.AddHeadgate(configuration, problems);
        return problems.Any ? throw new InvalidSettingsException(problems) : services;
    }

    /// <param name="problems">Receives every problem of the settings; the app must not start with any.</param>
    public static IServiceCollection AddHeadgate(this IServiceCollection services, IConfiguration configuration, Problems problems) => services
        .AddSingleton(OptionsRules.Read(configuration, problems))
        .AddMetrics()
        .AddSingleton<Metrics>()
        .AddSingleton<NewestFirstIds>()
        .AddSecurity()
        .AddAudit()
        .AddRuns()
        .AddHttp();

    public static IFunctionsWorkerApplicationBuilder UseHeadgate(this IFunctionsWorkerApplicationBuilder builder) => builder
        .UseMiddleware<EdgeMiddleware>()
        .UseMiddleware<AccessMiddleware>()
        .UseMiddleware<QueryMiddleware>();
}
