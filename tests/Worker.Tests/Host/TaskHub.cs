using System.Reflection;
using DurableTask.Core;
using DurableTask.Core.Query;
using Microsoft.DurableTask.Testing.Sidecar;

namespace Headgate.Worker.Tests.Host;

/// <summary>All that the engine's server asks of its store.</summary>
public interface ITaskHub : IOrchestrationService, IOrchestrationServiceClient, IOrchestrationServiceQueryClient, IOrchestrationServicePurgeClient;

/// <summary>
/// The engine's own store, but for how much may be under way: that is the number of processors by itself, and its dispatcher sleeps for
/// half a second where so much is.
/// </summary>
public class TaskHub : DispatchProxy
{
    private const int AtOnce = 10_000;

    private readonly InMemoryOrchestrationService _store = new();

    public static ITaskHub Create() => Create<ITaskHub, TaskHub>();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        "get_" + nameof(IOrchestrationService.MaxConcurrentTaskOrchestrationWorkItems) or "get_" + nameof(IOrchestrationService.MaxConcurrentTaskActivityWorkItems) => AtOnce,
        _ => targetMethod.Invoke(_store, BindingFlags.DoNotWrapExceptions, null, args, null),
    };
}
