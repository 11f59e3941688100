using Headgate.AzureSdkSurface;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Builds the isolated worker's host.</summary>
public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    internal FunctionsApplicationBuilder()
    {
    }

    public ConfigurationManager Configuration => throw NoBehaviour.Here();

    public IHostEnvironment Environment => throw NoBehaviour.Here();

    public ILoggingBuilder Logging => throw NoBehaviour.Here();

    public IMetricsBuilder Metrics => throw NoBehaviour.Here();

    public IDictionary<object, object> Properties => throw NoBehaviour.Here();

    public IServiceCollection Services => throw NoBehaviour.Here();

    IConfigurationManager IHostApplicationBuilder.Configuration => Configuration;

    public IHost Build() => throw NoBehaviour.Here();

    public void ConfigureContainer<TContainerBuilder>(
        IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull => throw NoBehaviour.Here();

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware) =>
        throw NoBehaviour.Here();
}
