using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Headgate.Client;

public static class HeadgateClientRegistration
{
    /// <summary>Registers <see cref="HeadgateClient"/> on a connection pool that follows the service's addresses.</summary>
    public static IHttpClientBuilder AddHeadgateClient(this IServiceCollection services, Action<HeadgateClientOptions> configure)
    {
        services.AddOptions<HeadgateClientOptions>().Configure(configure)
            .Validate(options => options.Service is { IsAbsoluteUri: true }, "Headgate's client needs Service, an absolute address.")
            .Validate(options => options.MaxRetries is >= 0 and <= 10, "MaxRetries of Headgate's client is 0..10.");
        var builder = services.AddHttpClient<HeadgateClient>((provider, http) => Transport.Address(http, provider.GetRequiredService<IOptions<HeadgateClientOptions>>().Value));
        builder.ConfigurePrimaryHttpMessageHandler(Transport.NewHandler);
        builder.AddResilienceHandler("headgate", (pipeline, context) => Retries.Configure(pipeline, context.ServiceProvider.GetRequiredService<IOptions<HeadgateClientOptions>>().Value));
        return builder;
    }
}
