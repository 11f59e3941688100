using System.Net.Sockets;
using System.Text;

namespace Headgate.EndToEnd.Tests.Contract.Kit;

/// <summary>HTTP written by hand, for what a client would tidy up before sending.</summary>
internal static class RawHttp
{
    /// <returns>The status and everything after the headers.</returns>
    public static async Task<(int Status, string Head, string Body)> SendAsync(Uri address, string method, string target, string? token = null, byte[]? body = null)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        var head = new StringBuilder($"{method} {target} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\n");
        if (token is not null)
            head.Append($"Authorization: Bearer {token}\r\n");
        if (body is not null)
            head.Append($"Content-Length: {body.Length}\r\n");
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()));
        if (body is not null)
            await stream.WriteAsync(body);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = await reader.ReadToEndAsync();
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return (int.Parse(text.AsSpan(9, 3)), text[..end], text[(end + 4)..]);
    }
}
