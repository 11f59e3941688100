using System.Net.Http.Headers;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace Headgate.Client;

/// <summary>How calls get to the service.</summary>
internal static class Transport
{
    private static readonly TimeSpan s_connectionLife = TimeSpan.FromMinutes(5);

    public static HttpClient Connect(HeadgateClientOptions options)
    {
        var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage>();
        Retries.Configure(pipeline, options);
        var http = new HttpClient(new ResilienceHandler(pipeline.Build()) { InnerHandler = NewHandler() });
        Address(http, options);
        return http;
    }

    public static HttpMessageHandler NewHandler() => new SocketsHttpHandler
    {
        // A redirect would take the key elsewhere.
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = s_connectionLife,
    };

    public static void Address(HttpClient http, HeadgateClientOptions options)
    {
        var service = options.Service is { IsAbsoluteUri: true } given ? given : throw new ArgumentException("An absolute address of the service is needed.", nameof(options));
        http.BaseAddress = service.AbsoluteUri.EndsWith('/') ? service : new Uri(service.AbsoluteUri + '/');
        // Each try has its own limit, and a stream of events none.
        http.Timeout = System.Threading.Timeout.InfiniteTimeSpan;
        if (options.Key is { } key)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }
}
