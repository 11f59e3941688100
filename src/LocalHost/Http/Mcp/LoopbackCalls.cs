using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Headgate.LocalHost.Http.Mcp;

/// <summary>
/// Calls the service by its own HTTP, with the credentials of whoever calls the tool: every gate that stands before a call stands before a tool.
/// </summary>
internal sealed class LoopbackCalls : IDisposable
{
    private readonly HttpClient _http;

    /// <param name="address">With a slash at the end.</param>
    public LoopbackCalls(Uri address) =>
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = address };

    /// <summary>Where this process reaches itself.</summary>
    /// <param name="routePrefix">host.json's; may be empty.</param>
    public static Uri AddressOf(IServerAddressesFeature listening, string routePrefix)
    {
        var address = new UriBuilder(listening.Addresses.First());
        if (IPAddress.TryParse(address.Host.Trim('[', ']'), out var any) && (any.Equals(IPAddress.Any) || any.Equals(IPAddress.IPv6Any)))
            address.Host = any.Equals(IPAddress.Any) ? "127.0.0.1" : "[::1]";
        address.Path = routePrefix.Length == 0 ? "/" : $"/{routePrefix.Trim('/')}/";
        return address.Uri;
    }

    /// <param name="credentials">The caller's header <c>Authorization</c>.</param>
    /// <param name="path">With its query, without the slash at the beginning.</param>
    /// <param name="body">JSON; null for none.</param>
    public async Task<(bool Succeeded, string Body)> SendAsync(string credentials, HttpMethod method, string path, string? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Authorization", credentials);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _http.SendAsync(request, cancellationToken);
        return (answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    public void Dispose() => _http.Dispose();
}
