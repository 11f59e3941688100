using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using Amqp;
using Microsoft.AspNetCore.Connections;

namespace Headgate.ServiceBusPeer.Wire;

/// <summary>Accepted connections: those that begin as AMQP are handed to the container, all others go on to HTTP.</summary>
internal sealed class Connections(PeerScript script, Transports transports)
{
    private readonly byte[] _header = "AMQP"u8.ToArray();
    private readonly ConcurrentDictionary<PipeTransport, ConnectionContext> _open = new();

    public int Count => _open.Count;

    public void Break(Connection connection) => _open.FirstOrDefault(pair => pair.Key.Connection == connection).Value?.Abort();

    public void BreakAll()
    {
        foreach (var connection in _open.Values)
            connection.Abort();
    }

    /// <returns>Ends with the connection.</returns>
    public async Task AcceptAsync(ConnectionContext connection, ConnectionDelegate http)
    {
        if (!await IsAmqpAsync(connection.Transport.Input))
        {
            await http(connection);
            return;
        }

        var transport = new PipeTransport(connection);
        _open[transport] = connection;
        switch (script.Reach(PeerStep.Connect))
        {
            case PeerAnswer.Served:
                transports.Add(transport);
                break;
            case PeerAnswer.Late late:
                await late.Until;
                transports.Add(transport);
                break;
            case PeerAnswer.Refused or PeerAnswer.Lost:
                connection.Abort();
                break;
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, connection.ConnectionClosed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _open.TryRemove(transport, out _);
    }

    private async Task<bool> IsAmqpAsync(PipeReader input)
    {
        while (true)
        {
            var read = await input.ReadAsync();
            var isEnough = read.Buffer.Length >= _header.Length;
            var isAmqp = isEnough && read.Buffer.Slice(0, _header.Length).ToArray().AsSpan().SequenceEqual(_header);
            input.AdvanceTo(read.Buffer.Start, isEnough ? read.Buffer.Start : read.Buffer.End);
            if (isEnough || read.IsCompleted)
                return isAmqp;
        }
    }
}
