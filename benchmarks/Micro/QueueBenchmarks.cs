using BenchmarkDotNet.Attributes;
using Headgate.Load;
using Headgate.Load.Rig;
using Headgate.LocalHost;
using Headgate.Ports;
using Headgate.Storage;

namespace Headgate.Micro;

/// <summary>A message from its sender to the receiver that completes it.</summary>
public class QueueBenchmarks
{
    private const string Queue = "runs";
    private const int Messages = 1000;
    private static readonly byte[] Body = [.. Enumerable.Repeat((byte)'x', 100)];
    private TemporaryFolder? _folder;
    private EmbeddedStore? _storage;
    private long _next;

    [GlobalSetup]
    public void Open()
    {
        _folder = new(new LoadOptions().Data);
        _storage = EmbeddedStore.Open(_folder.Path, TimeProvider.System, failure => Environment.FailFast("the disk refused a write", failure));
    }

    [Benchmark]
    public async Task SendReceiveComplete()
    {
        await SendAsync();
        await _storage!.Log.FlushedAsync();
        await CompleteAsync();
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public async Task SendReceiveCompleteAThousand()
    {
        for (var i = 0; i < Messages; i++)
            await SendAsync();
        await _storage!.Log.FlushedAsync();
        for (var i = 0; i < Messages; i++)
            await CompleteAsync();
        await _storage.Log.FlushedAsync();
    }

    [GlobalCleanup]
    public void Close()
    {
        _storage!.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _folder!.Dispose();
    }

    private ValueTask SendAsync() => _storage!.Queue.SendAsync(new OutgoingMessage(Queue, $"message-{++_next}", Body));

    private async ValueTask CompleteAsync()
    {
        var message = await _storage!.Queue.ReceiveAsync(Queue, CancellationToken.None);
        if (!_storage.Queue.Complete(message))
            throw new InvalidOperationException($"message {message.MessageId} was not ours to complete");
    }
}
