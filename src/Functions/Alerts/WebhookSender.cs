using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Headgate.Functions.Options;

namespace Headgate.Functions.Alerts;

/// <summary>
/// Sends one message to one receiver, in one try of five seconds at most. Follows no redirect, uses no proxy and keeps no connection. Where private
/// addresses are not allowed, the address that is connected to is the one that was checked: a name that answers differently the second time changes nothing.
/// </summary>
public sealed class WebhookSender : IDisposable
{
    /// <summary>Of the network's time: a receiver that hangs holds nothing up for longer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;
    private readonly HttpClient _public;
    private readonly HttpClient _any;

    public WebhookSender()
        : this(Dns.GetHostAddressesAsync)
    {
    }

    /// <param name="resolve">The addresses of a name.</param>
    internal WebhookSender(Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        _resolve = resolve;
        (_public, _any) = (Client(allowPrivate: false), Client(allowPrivate: true));
    }

    public async Task<WebhookAnswer> SendAsync(NotificationReceiver receiver, string id, string body, DateTimeOffset sentAt, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, receiver.Url) { Content = new StringContent(body, Encoding.UTF8) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Headgate", null));
            request.Headers.Add(WebhookSignature.IdHeader, id);
            request.Headers.Add(WebhookSignature.TimestampHeader, WebhookSignature.Timestamp(sentAt));
            request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Of(receiver.Key.Span, id, sentAt, body));
            using var response = await (receiver.AllowPrivate ? _any : _public).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            return WebhookAnswer.Of((int)response.StatusCode);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return WebhookAnswer.Failed($"did not answer within {Patience.TotalSeconds:0} s");
        }
        catch (HttpRequestException failure)
        {
            return WebhookAnswer.Failed(failure.InnerException is AddressRefusedException refused ? refused.Message : $"can't be reached: {failure.HttpRequestError}");
        }
    }

    public void Dispose()
    {
        _public.Dispose();
        _any.Dispose();
    }

    private HttpClient Client(bool allowPrivate) => new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.Zero,
            MaxResponseHeadersLength = 16,
            ConnectCallback = (context, token) => ConnectAsync(context.DnsEndPoint, allowPrivate, token),
        },
        disposeHandler: true)
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint target, bool allowPrivate, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(target.Host, out var literal) ? [literal] : await _resolve(target.Host, cancellationToken);
        var allowed = allowPrivate ? addresses : [.. addresses.Where(PublicAddress.Is)];
        if (allowed.Length == 0)
            throw new AddressRefusedException(addresses.Length == 0 ? "has no address" : $"has the address {addresses[0]}, which is not one of the internet's");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class AddressRefusedException(string message) : IOException(message);
}
