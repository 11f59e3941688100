using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Functions;

/// <summary>The one place that puts the app together. The ports are registered by the ground it runs on.</summary>
public static class Composition
{
    public static IServiceCollection AddHeadgate(this IServiceCollection services, IConfiguration configuration) => services;

    public static IFunctionsWorkerApplicationBuilder UseHeadgate(this IFunctionsWorkerApplicationBuilder builder) => builder;
}
