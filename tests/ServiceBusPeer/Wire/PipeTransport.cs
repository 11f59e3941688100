using Amqp;
using Microsoft.AspNetCore.Connections;

namespace Headgate.ServiceBusPeer.Wire;

/// <summary>One accepted connection as the AMQP library wants it.</summary>
internal sealed class PipeTransport : IAsyncTransport
{
    private readonly ConnectionContext _connection;
    private readonly Stream _input;

    public PipeTransport(ConnectionContext connection)
    {
        _connection = connection;
        _input = connection.Transport.Input.AsStream();
    }

    public Connection? Connection { get; private set; }

    public void SetConnection(Connection connection) => Connection = connection;

    public async Task SendAsync(IList<ByteBuffer> bufferList, int listSize)
    {
        foreach (var buffer in bufferList)
            await SendAsync(buffer);
    }

    public Task<int> ReceiveAsync(byte[] buffer, int offset, int count) => _input.ReadAsync(buffer, offset, count);

    public void Send(ByteBuffer buffer) => SendAsync(buffer).GetAwaiter().GetResult();

    public int Receive(byte[] buffer, int offset, int count) => ReceiveAsync(buffer, offset, count).GetAwaiter().GetResult();

    public void Close() => _connection.Transport.Output.Complete();

    public void Break() => _connection.Abort();

    private async Task SendAsync(ByteBuffer buffer) => await _connection.Transport.Output.WriteAsync(buffer.Buffer.AsMemory(buffer.Offset, buffer.Length));
}
