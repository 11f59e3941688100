using System.Net.Sockets;
using System.Text;

namespace Headgate.EndToEnd.Tests.Contract.Kit;

/// <summary>HTTP written by hand, for what a client would tidy up before sending.</summary>
internal static class RawHttp
{
    private const string EndOfHead = "\r\n\r\n";

    /// <returns>The status and everything after the headers.</returns>
    public static async Task<(int Status, string Head, string Body)> SendAsync(Uri address, string method, string target, string? token = null, byte[]? body = null)
    {
        // A server that answers before it has read all may reset the connection, and the answer is lost with it.
        var text = await Again.UntilAsync(() => AnswerAsync(address, method, target, token, body), text => text.Contains(EndOfHead, StringComparison.Ordinal));
        var end = text.IndexOf(EndOfHead, StringComparison.Ordinal);
        return (int.Parse(text.AsSpan(9, 3)), text[..end], text[(end + EndOfHead.Length)..]);
    }

    /// <returns>All that came before the connection ended.</returns>
    public static async Task<string> ReadAsync(Stream stream)
    {
        using var read = new MemoryStream();
        try
        {
            await stream.CopyToAsync(read);
        }
        catch (IOException)
        {
            // It was reset.
        }

        return Encoding.UTF8.GetString(read.GetBuffer(), 0, (int)read.Length);
    }

    private static async Task<string> AnswerAsync(Uri address, string method, string target, string? token, byte[]? body)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        var head = new StringBuilder($"{method} {target} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\n");
        if (token is not null)
            head.Append($"Authorization: Bearer {token}\r\n");
        if (body is not null)
            head.Append($"Content-Length: {body.Length}\r\n");
        try
        {
            await stream.WriteAsync((byte[])[.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. body ?? []]);
        }
        catch (IOException)
        {
            // It has answered already.
        }

        return await ReadAsync(stream);
    }
}
