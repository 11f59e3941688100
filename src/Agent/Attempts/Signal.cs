using System.Threading.Channels;

namespace Headgate.Agent.Attempts;

/// <summary>Wakes one waiter; signals that nobody waits for are remembered as one.</summary>
internal sealed class Signal
{
    private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => _channel.Writer.TryWrite(true);

    public async Task WaitAsync(CancellationToken stop) => await _channel.Reader.ReadAsync(stop);
}
