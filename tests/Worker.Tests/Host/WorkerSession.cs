using System.Collections.Concurrent;
using System.Threading.Channels;
using Grpc.Core;
using Headgate.Worker.Tests.Protocol;

namespace Headgate.Worker.Tests.Host;

/// <summary>One worker's conversation with its host. A question's answer carries the question's id; everything ends with the stream.</summary>
internal sealed class WorkerSession
{
    private readonly Channel<StreamingMessage> _outgoing = Channel.CreateUnbounded<StreamingMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> _questions = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentQueue<RpcLog> _log = new();

    /// <summary>Ends when the worker has called.</summary>
    public Task Connected => _connected.Task;

    /// <summary>What the worker has logged so far.</summary>
    public RpcLog[] Log => [.. _log];

    /// <summary>Set when the stream has ended.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>Talks until either side leaves.</summary>
    public async Task RunAsync(IAsyncStreamReader<StreamingMessage> incoming, IServerStreamWriter<StreamingMessage> outgoing, CancellationToken left)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(left, _over.Token);
        _connected.TrySetResult();
        var writing = WriteAsync(outgoing, either.Token);
        try
        {
            while (await incoming.MoveNext(either.Token))
                Take(incoming.Current);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or RpcException)
        {
            // The worker's process has ended, or the host lets go of it.
        }

        End();
        await writing;
    }

    /// <summary>Lets go of the worker: what is still asked fails.</summary>
    public void End()
    {
        _over.Cancel();
        foreach (var id in _questions.Keys)
        {
            if (_questions.TryRemove(id, out var question))
                question.TrySetException(new WorkerGoneException());
        }
    }

    public void Send(StreamingMessage message) => _outgoing.Writer.TryWrite(message);

    /// <exception cref="WorkerGoneException">The worker left before it answered.</exception>
    public async Task<StreamingMessage> AskAsync(StreamingMessage message)
    {
        var answer = new TaskCompletionSource<StreamingMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        message.RequestId = Guid.NewGuid().ToString();
        _questions[message.RequestId] = answer;
        Send(message);
        if (_over.IsCancellationRequested && _questions.TryRemove(message.RequestId, out _))
            throw new WorkerGoneException();
        return await answer.Task;
    }

    private void Take(StreamingMessage message)
    {
        if (message.ContentCase == StreamingMessage.ContentOneofCase.RpcLog)
            _log.Enqueue(message.RpcLog);
        else if (_questions.TryRemove(message.RequestId, out var question))
            question.TrySetResult(message);
    }

    private async Task WriteAsync(IServerStreamWriter<StreamingMessage> outgoing, CancellationToken over)
    {
        try
        {
            await foreach (var message in _outgoing.Reader.ReadAllAsync(over))
                await outgoing.WriteAsync(message, over);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or RpcException or InvalidOperationException)
        {
            // Nobody is left to read it.
        }
    }
}

/// <summary>The worker's process or stream has ended.</summary>
internal sealed class WorkerGoneException() : Exception("The worker has left.");
