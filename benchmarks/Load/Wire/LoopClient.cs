using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Headgate.Load.Wire;

/// <summary>One client of a <see cref="ClosedLoop"/>: a keep-alive connection with at most one request under way.</summary>
internal sealed class LoopClient : IDisposable
{
    private const int BufferBytes = 16 * 1024;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _filled;
    private Response _response;

    public LoopClient(IPEndPoint address)
    {
        Socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Socket.Connect(address);
        Socket.Blocking = false;
    }

    public Socket Socket { get; }

    /// <summary>Timestamp of the request under way.</summary>
    public long SentAt { get; private set; }

    public bool Waiting { get; private set; }

    /// <summary>Of the latest answer; overwritten by the next.</summary>
    public ReadOnlySpan<byte> Body => _buffer.AsSpan(_response.Body, _response.Length);

    public void Send(byte[] request, long now)
    {
        (SentAt, Waiting) = (now, true);
        var sent = Socket.Send(request, SocketFlags.None, out var error);
        if (error != SocketError.Success || sent != request.Length)
            throw new UnexpectedAnswerException($"the service takes no more: {error}, {sent} of {request.Length} bytes sent");
    }

    /// <returns>True when the answer is complete.</returns>
    /// <exception cref="UnexpectedAnswerException">The answer has another status, or there is none.</exception>
    public bool Receive(int expectedStatus)
    {
        var count = Socket.Receive(_buffer.AsSpan(_filled), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
            return false;
        if (error != SocketError.Success || count == 0)
            throw new UnexpectedAnswerException($"the service closed a connection: {error}");
        _filled += count;
        if (!ResponseReader.TryRead(_buffer.AsSpan(0, _filled), out _response))
            return false;
        if (_response.Status != expectedStatus || _response.Total != _filled)
            throw new UnexpectedAnswerException($"{expectedStatus} was expected, not {Encoding.UTF8.GetString(_buffer, 0, _filled)}");
        _filled = 0;
        Waiting = false;
        return true;
    }

    public void Dispose() => Socket.Dispose();
}
