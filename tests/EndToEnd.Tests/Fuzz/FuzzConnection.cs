using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests.Fuzz;

/// <param name="Status">Zero: the server ended the connection without a word, as it may on a request that is none.</param>
internal sealed record FuzzAnswer(int Status, string Head, string Body);

/// <summary>HTTP/1.1 written by hand on a connection that is kept as long as the server keeps it: nothing is tidied up before it is sent.</summary>
internal sealed class FuzzConnection(string host, int port) : IDisposable
{
    private static readonly byte[] s_endOfHead = "\r\n\r\n"u8.ToArray();

    private readonly byte[] _buffer = new byte[1024 * 1024];
    private TcpClient? _client;

    /// <exception cref="TimeoutException">No answer came.</exception>
    public async Task<FuzzAnswer> SendAsync(byte[] request, bool isHead)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        // A kept connection may have been closed by the server meanwhile: then the request is sent on a new one, once.
        for (var isKept = _client is not null; ; isKept = false)
        {
            try
            {
                if (await TryAsync(request, isHead, limit.Token) is { } answer)
                    return answer;
            }
            catch (Exception broken) when (broken is IOException or SocketException)
            {
                // Likewise.
            }
            catch (OperationCanceledException late)
            {
                throw new TimeoutException($"No answer to: {Encoding.Latin1.GetString(request)}", late);
            }

            Close();
            if (!isKept)
                return new FuzzAnswer(0, "", "");
        }
    }

    public void Dispose() => Close();

    private async Task<FuzzAnswer?> TryAsync(byte[] request, bool isHead, CancellationToken cancellationToken)
    {
        if (_client is null)
        {
            _client = new TcpClient { NoDelay = true };
            await _client.ConnectAsync(host, port, cancellationToken);
        }

        var stream = _client.GetStream();
        await stream.WriteAsync(request, cancellationToken);
        var count = 0;
        var end = -1;
        var status = 0;
        while (end < 0)
        {
            var read = await stream.ReadAsync(_buffer.AsMemory(count), cancellationToken);
            if (read == 0)
                return null;
            count += read;
            while ((end = _buffer.AsSpan(0, count).IndexOf(s_endOfHead)) >= 0)
            {
                status = int.Parse(Encoding.Latin1.GetString(_buffer, 9, 3), CultureInfo.InvariantCulture);
                if (status >= 200)
                    break;
                // Only says that the body is awaited.
                count -= end + s_endOfHead.Length;
                _buffer.AsSpan(end + s_endOfHead.Length, count).CopyTo(_buffer);
            }
        }

        var head = Encoding.Latin1.GetString(_buffer, 0, end);
        var length = isHead || status is 204 or 304 ? 0 : int.Parse(Header(head, "Content-Length") ?? "0", CultureInfo.InvariantCulture);
        var start = end + s_endOfHead.Length;
        while (count < start + length)
        {
            var read = await stream.ReadAsync(_buffer.AsMemory(count), cancellationToken);
            if (read == 0)
                break;
            count += read;
        }

        // More than was announced belongs to an answer that nobody asked for: one request was read as two.
        var answer = new FuzzAnswer(status, head, Encoding.UTF8.GetString(_buffer, start, Math.Min(length, count - start)));
        if (count > start + length || string.Equals(Header(head, "Connection"), "close", StringComparison.OrdinalIgnoreCase) || Header(head, "Transfer-Encoding") is not null || status == 400)
            Close();
        return answer;
    }

    internal static string? Header(string head, string name)
    {
        foreach (var line in head.Split("\r\n"))
        {
            if (line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.OrdinalIgnoreCase))
                return line[(name.Length + 1)..].Trim();
        }

        return null;
    }

    private void Close()
    {
        _client?.Dispose();
        _client = null;
    }
}
