using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Headgate.Client;

public static class HeadgateClientRegistration
{
    private const string Prefix = "Headgate.Client:";

    /// <summary>Registers the one <see cref="HeadgateClient"/>, on a connection pool that follows the service's addresses.</summary>
    /// <exception cref="InvalidOperationException">There is one already: give each of several a name.</exception>
    public static IHttpClientBuilder AddHeadgateClient(this IServiceCollection services, Action<HeadgateClientOptions> configure)
    {
        var builder = Add(services, null, Options.DefaultName, configure);
        services.AddSingleton(provider => Client(provider, Options.DefaultName));
        return builder;
    }

    /// <summary>Registers one of several clients: the keyed service <see cref="HeadgateClient"/> of that name.</summary>
    /// <exception cref="InvalidOperationException">That name is taken.</exception>
    public static IHttpClientBuilder AddHeadgateClient(this IServiceCollection services, string name, Action<HeadgateClientOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var builder = Add(services, name, name, configure);
        services.AddKeyedSingleton(name, (provider, _) => Client(provider, name));
        return builder;
    }

    private static IHttpClientBuilder Add(IServiceCollection services, string? key, string name, Action<HeadgateClientOptions> configure)
    {
        if (services.Any(service => service.ServiceType == typeof(HeadgateClient) && Equals(service.ServiceKey, key)))
            throw new InvalidOperationException(key is null ? "There is a client of Headgate already: give each of several a name." : $"There is a client of Headgate named '{key}' already.");
        services.AddOptions<HeadgateClientOptions>(name).Configure(configure)
            .Validate(options => Transport.IsAddress(options.Service), Transport.AddressRule)
            .Validate(options => options.MaxRetries is >= 0 and <= 10, "MaxRetries of Headgate's client is 0..10.");
        var builder = services.AddHttpClient(Prefix + name, (provider, http) => Transport.Address(http, Of(provider, name)));
        builder.ConfigurePrimaryHttpMessageHandler(Transport.NewHandler);
        // The client lives as long as the container; its handler ends its connections by itself.
        builder.SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        builder.AddResilienceHandler("headgate", (pipeline, context) => Retries.Configure(pipeline, Of(context.ServiceProvider, name)));
        builder.AddHttpMessageHandler(() => new Transport.WholeAnswers());
        return builder;
    }

    private static HeadgateClient Client(IServiceProvider provider, string name) =>
        new(provider.GetRequiredService<IHttpClientFactory>().CreateClient(Prefix + name), Of(provider, name).Time);

    private static HeadgateClientOptions Of(IServiceProvider provider, string name) => provider.GetRequiredService<IOptionsMonitor<HeadgateClientOptions>>().Get(name);
}
