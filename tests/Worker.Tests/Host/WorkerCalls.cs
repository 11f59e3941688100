using System.Collections.Concurrent;
using Grpc.Core;
using Headgate.Worker.Tests.Protocol;

namespace Headgate.Worker.Tests.Host;

/// <summary>Where workers call their host, each by the id it was started with.</summary>
internal sealed class WorkerCalls : FunctionRpc.FunctionRpcBase
{
    private readonly ConcurrentDictionary<string, WorkerSession> _expected = new(StringComparer.Ordinal);

    public WorkerSession Expect(string workerId) => _expected.GetOrAdd(workerId, _ => new WorkerSession());

    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        await requestStream.MoveNext(context.CancellationToken);
        var start = requestStream.Current.StartStream ?? throw new RpcException(new Status(StatusCode.InvalidArgument, "A worker says first who it is."));
        if (!_expected.TryRemove(start.WorkerId, out var session))
            throw new RpcException(new Status(StatusCode.NotFound, $"No worker '{start.WorkerId}' was started."));
        await session.RunAsync(requestStream, responseStream, context.CancellationToken);
    }
}
