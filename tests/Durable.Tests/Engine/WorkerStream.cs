using Grpc.Core;
using Grpc.Core.Interceptors;
using Google.Protobuf.WellKnownTypes;
using Microsoft.DurableTask.Protobuf;

namespace Headgate.Durable.Tests.Engine;

/// <summary>The stream of turns to the worker: sets each turn's time, which orchestrators see, to the hub's clock, and tells when a worker is gone.</summary>
internal sealed class WorkerStream(ClockedHub hub) : Interceptor
{
    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        if (responseStream is not IServerStreamWriter<WorkItem> items)
        {
            await continuation(request, responseStream, context);
            return;
        }

        try
        {
            await continuation(request, (IServerStreamWriter<TResponse>)(object)new Stamped(items, hub), context);
        }
        finally
        {
            hub.WorkerGone.TrySetResult();
        }
    }

    private sealed class Stamped(IServerStreamWriter<WorkItem> items, ClockedHub hub) : IServerStreamWriter<WorkItem>
    {
        public WriteOptions? WriteOptions
        {
            get => items.WriteOptions;
            set => items.WriteOptions = value;
        }

        public Task WriteAsync(WorkItem message)
        {
            if (message.OrchestratorRequest is { } turn)
            {
                foreach (var start in turn.NewEvents.Where(one => one.OrchestratorStarted is not null))
                    start.Timestamp = Timestamp.FromDateTime(hub.TurnOf(turn.InstanceId));
            }

            return items.WriteAsync(message);
        }
    }
}
