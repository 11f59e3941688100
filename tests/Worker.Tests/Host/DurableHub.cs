using DurableTask.Core.Exceptions;
using Google.Protobuf;
using Grpc.Core;
using Headgate.Worker.Tests.Protocol;
using Microsoft.DurableTask.Protobuf;
using Microsoft.DurableTask.Testing.Sidecar.Grpc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Headgate.Worker.Tests.Host;

/// <summary>
/// The Durable extension: the real engine of the in-process test host behind the client binding, whose work items become invocations
/// of the worker's functions as the extension makes them. A work item whose worker leaves goes to the next worker.
/// </summary>
internal sealed class DurableHub(
    IHostApplicationLifetime lifetime, ILoggerFactory loggers, ITaskHub hub, IOptions<TaskHubGrpcServerOptions> options)
    : TaskHubGrpcServer(lifetime, loggers, hub, hub, options), IServerStreamWriter<WorkItem>
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly LocalCall _call = new(CancellationToken.None);
    private Func<string, TypedData, Task<InvocationResponse>>? _invoke;

    WriteOptions? IAsyncStreamWriter<WorkItem>.WriteOptions { get; set; }

    /// <param name="invoke">Invokes a function by name.</param>
    public void Serve(Func<string, TypedData, Task<InvocationResponse>> invoke)
    {
        _invoke = invoke;
        _ = GetWorkItems(new GetWorkItemsRequest(), this, new LocalCall(_stopping.Token));
    }

    public Task StopAsync() => _stopping.CancelAsync();

    /// <summary>The extension refuses an event to an instance that is not there.</summary>
    public override async Task<RaiseEventResponse> RaiseEvent(RaiseEventRequest request, ServerCallContext context)
    {
        if (await hub.GetOrchestrationStateAsync(request.InstanceId, executionId: null) is null)
            throw new RpcException(new Status(StatusCode.NotFound, $"No instance with ID '{request.InstanceId}' was found."));
        return await base.RaiseEvent(request, context);
    }

    Task IAsyncStreamWriter<WorkItem>.WriteAsync(WorkItem message)
    {
        _ = message.RequestCase switch
        {
            WorkItem.RequestOneofCase.OrchestratorRequest => TakeTurnAsync(message.OrchestratorRequest),
            WorkItem.RequestOneofCase.ActivityRequest => CallActivityAsync(message.ActivityRequest),
            _ => throw new InvalidOperationException($"Nothing here does work of the kind {message.RequestCase}."),
        };
        return Task.CompletedTask;
    }

    private async Task TakeTurnAsync(OrchestratorRequest turn)
    {
        var started = turn.PastEvents.Concat(turn.NewEvents).First(happened => happened.ExecutionStarted is not null).ExecutionStarted;
        var answer = await InvokeAsync(started.Name, Convert.ToBase64String(turn.ToByteArray()));
        await CompleteOrchestratorTask(OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(answer.ReturnValue.String)), _call);
    }

    private async Task CallActivityAsync(ActivityRequest call)
    {
        // The engine keeps an activity's arguments as an array, and the extension hands over its one element.
        var answer = await InvokeAsync(call.Name, call.Input?[1..^1]);
        var done = new ActivityResponse { InstanceId = call.OrchestrationInstance.InstanceId, TaskId = call.TaskId };
        if (answer.Result.Status == StatusResult.Types.Status.Success)
            done.Result = answer.ReturnValue?.Json ?? answer.ReturnValue?.String;
        else
            done.FailureDetails = new TaskFailureDetails { ErrorType = answer.Result.Exception.Type, ErrorMessage = answer.Result.Exception.Message, StackTrace = answer.Result.Exception.StackTrace };
        await CompleteActivityTask(done, _call);
    }

    private async Task<InvocationResponse> InvokeAsync(string function, string? input)
    {
        while (true)
        {
            try
            {
                return await _invoke!(function, new TypedData { String = input ?? "null" });
            }
            catch (WorkerGoneException) when (!_stopping.IsCancellationRequested)
            {
                // The next worker does it.
            }
        }
    }
}

internal static class DurableHubSetup
{
    public static IServiceCollection AddDurableHub(this IServiceCollection services) => services
        .AddSingleton(_ => TaskHub.Create())
        .AddSingleton<DurableHub>();
}
