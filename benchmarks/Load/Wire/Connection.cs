using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Headgate.Load.Wire;

/// <summary>A keep-alive connection for one thread, which blocks for each answer. For agents and for what is set up before a measure.</summary>
internal sealed class Connection : IDisposable
{
    private const int FirstBytes = 32 * 1024;
    private readonly Socket _socket;
    private byte[] _buffer = new byte[FirstBytes];
    private Response _response;

    public Connection(IPEndPoint address, TimeSpan? patience = null)
    {
        _socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = (int)(patience ?? TimeSpan.FromSeconds(60)).TotalMilliseconds,
        };
        _socket.Connect(address);
    }

    /// <summary>An answer has begun to come, or the other side has closed.</summary>
    public bool IsReadable => _socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Waits for an answer to one of two, but no longer than to a timestamp of <see cref="Stopwatch"/>, which is met to some microseconds.</summary>
    public static void Await(Connection one, Connection other, long? until)
    {
        // The system counts in milliseconds.
        var sleep = until is { } end ? Math.Max(0, (end - Stopwatch.GetTimestamp()) * 1_000_000 / Stopwatch.Frequency - 1000) : -1;
        if (sleep != 0)
            Socket.Select(new List<Socket> { one._socket, other._socket }, null, null, (int)sleep);
        while (!one.IsReadable && !other.IsReadable && Stopwatch.GetTimestamp() < until)
        {
        }
    }

    /// <summary>Of the latest answer; overwritten by the next.</summary>
    public ReadOnlySpan<byte> Body => _buffer.AsSpan(_response.Body, _response.Length);

    /// <returns>The status.</returns>
    /// <exception cref="SocketException">The connection broke, or was closed by <see cref="Abort"/>.</exception>
    public int Send(ReadOnlySpan<byte> request)
    {
        Post(request);
        return Receive();
    }

    /// <summary>Sends a request whose answer is asked for later.</summary>
    /// <exception cref="SocketException">The connection broke.</exception>
    public void Post(ReadOnlySpan<byte> request)
    {
        while (!request.IsEmpty)
            request = request[_socket.Send(request)..];
    }

    /// <summary>Waits for the answer to what was posted.</summary>
    /// <returns>The status.</returns>
    /// <exception cref="SocketException">The connection broke, or was closed by <see cref="Abort"/>.</exception>
    public int Receive()
    {
        for (var filled = 0; ;)
        {
            if (filled == _buffer.Length)
                Array.Resize(ref _buffer, filled * 2);
            var count = _socket.Receive(_buffer.AsSpan(filled));
            if (count == 0)
                throw new SocketException((int)SocketError.ConnectionReset);
            filled += count;
            if (ResponseReader.TryRead(_buffer.AsSpan(0, filled), out _response))
                return _response.Status;
        }
    }

    /// <exception cref="UnexpectedAnswerException">The status is another.</exception>
    public ReadOnlySpan<byte> Send(ReadOnlySpan<byte> request, int expectedStatus)
    {
        Post(request);
        return Receive(expectedStatus);
    }

    /// <exception cref="UnexpectedAnswerException">The status is another.</exception>
    public ReadOnlySpan<byte> Receive(int expectedStatus) => Receive() == expectedStatus
        ? Body
        : throw new UnexpectedAnswerException($"{expectedStatus} was expected, not {_response.Status} {Encoding.UTF8.GetString(Body)}");

    /// <summary>From another thread: whoever waits for an answer waits no longer.</summary>
    public void Abort()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // Closed from the other side already.
        }
    }

    public void Dispose() => _socket.Dispose();
}
