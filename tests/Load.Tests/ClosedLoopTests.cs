using System.Net;
using System.Net.Sockets;
using System.Text;
using Headgate.Load.Machine;
using Headgate.Load.Wire;

namespace Headgate.Load.Tests;

public sealed class ClosedLoopTests
{
    private static readonly byte[] Request = RequestBytes.Post("/work", "key", "{}"u8);

    [LinuxTheory]
    [InlineData(1, 10)]
    [InlineData(8, 3)]
    [InlineData(4, 1000)]
    public void Run_Count_SendsSoManyAndNoMore(int clients, int count)
    {
        using var server = new OneAnswer("HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}");
        using var loop = new ClosedLoop(server.Address, [Request], clients, 202);

        var round = loop.Run(count, new ProcessorMeter(null));

        Assert.Equal(count, round.Latencies.Count);
        Assert.Equal(count * Request.Length, server.Received);
    }

    [LinuxTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_AnotherStatus_ThrowsAndCountsNothing(int clients)
    {
        using var server = new OneAnswer("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy");
        using var loop = new ClosedLoop(server.Address, [Request], clients, 202);

        var thrown = Assert.Throws<UnexpectedAnswerException>(() => loop.Run(10, new ProcessorMeter(null)));

        Assert.Contains("202 was expected, not HTTP/1.1 503", thrown.Message, StringComparison.Ordinal);
    }

    /// <summary>Answers every request with the same bytes, a few at a time.</summary>
    private sealed class OneAnswer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly byte[] _answer;
        private long _received;

        public OneAnswer(string answer)
        {
            _answer = Encoding.ASCII.GetBytes(answer);
            _listener.Start();
            _ = AcceptAsync();
        }

        public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

        public long Received => Volatile.Read(ref _received);

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync()
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync());
        }

        private async Task ServeAsync(Socket socket)
        {
            socket.NoDelay = true;
            var buffer = new byte[Request.Length];
            while (true)
            {
                for (var filled = 0; filled < buffer.Length;)
                {
                    var count = await socket.ReceiveAsync(buffer.AsMemory(filled));
                    if (count == 0)
                        return;
                    filled += count;
                }

                Interlocked.Add(ref _received, buffer.Length);
                await socket.SendAsync(_answer.AsMemory(0, 20));
                await socket.SendAsync(_answer.AsMemory(20));
            }
        }
    }
}

/// <summary>The generator waits with epoll.</summary>
internal sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "the load generator runs on Linux only";
    }
}
