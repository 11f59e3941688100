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
        var http = new HttpClient(new ResilienceHandler(pipeline.Build()) { InnerHandler = new WholeAnswers { InnerHandler = NewHandler() } });
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
        var service = IsAddress(options.Service) ? options.Service! : throw new ArgumentException(AddressRule, nameof(options));
        http.BaseAddress = service.AbsoluteUri.EndsWith('/') ? service : new Uri(service.AbsoluteUri + '/');
        // Each try has its own limit, and a stream of events none.
        http.Timeout = System.Threading.Timeout.InfiniteTimeSpan;
        if (options.Key is { } key)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public const string AddressRule = "Headgate's client needs Service, an absolute http or https address without user, query and fragment.";

    // What stands in a user, a query or a fragment is secret more often than not, and the calls' paths would lose it.
    public static bool IsAddress(Uri? service) =>
        service is { IsAbsoluteUri: true, Scheme: "http" or "https" } && service.UserInfo.Length + service.Query.Length + service.Fragment.Length == 0;

    /// <summary>
    /// Reads an answer to its end where each try is made, so that one which stops on the way is a failed try, with the try's limit of time. Streams of
    /// events are left to their reader. Counts the tries.
    /// </summary>
    internal sealed class WholeAnswers : DelegatingHandler
    {
        private const long MaxBytes = 64 * 1024 * 1024;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Options.Set(Retries.Tries, request.Options.TryGetValue(Retries.Tries, out var before) ? before + 1 : 1);
            var response = await base.SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode && request.Options.TryGetValue(Retries.IsStream, out var isStream) && isStream)
                return response;
            try
            {
                await response.Content.LoadIntoBufferAsync(MaxBytes, cancellationToken);
                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
    }
}
