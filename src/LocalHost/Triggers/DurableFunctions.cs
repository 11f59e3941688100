using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Headgate.Engine;
using Headgate.LocalHost.Discovery;
using Headgate.LocalHost.Invocation;
using Microsoft.DurableTask;

namespace Headgate.LocalHost.Triggers;

/// <summary>The catalog's orchestrators and activities as the durable engine calls them.</summary>
internal sealed class DurableFunctions : IDurableFunctions
{
    private readonly FrozenDictionary<string, Func<TaskOrchestrationContext, Task<object?>>> _orchestrators;
    private readonly FrozenDictionary<string, Func<ActivityInvocation, Task<object?>>> _activities;

    public DurableFunctions(FunctionCatalog catalog, FunctionRunner runner)
    {
        _orchestrators = Named<TaskOrchestrationContext>(
            catalog, trigger => (trigger as Trigger.Orchestration)?.Name, (entry, context) => runner.RunAsync(entry, context, CancellationToken.None));
        _activities = Named<ActivityInvocation>(
            catalog, trigger => (trigger as Trigger.Activity)?.Name, (entry, call) => runner.RunAsync(entry, call, call.Stopping));
    }

    public bool TryGetOrchestrator(string name, [NotNullWhen(true)] out Func<TaskOrchestrationContext, Task<object?>>? orchestrator) =>
        _orchestrators.TryGetValue(name, out orchestrator);

    public bool TryGetActivity(string name, [NotNullWhen(true)] out Func<ActivityInvocation, Task<object?>>? activity) =>
        _activities.TryGetValue(name, out activity);

    private static FrozenDictionary<string, Func<T, Task<object?>>> Named<T>(
        FunctionCatalog catalog, Func<Trigger, string?> name, Func<FunctionEntry, T, ValueTask<object?>> run) =>
        catalog.Functions
            .Where(entry => name(entry.Trigger) is not null)
            .ToFrozenDictionary(
                entry => name(entry.Trigger)!,
                entry => (Func<T, Task<object?>>)(input => run(entry, input).AsTask()),
                StringComparer.OrdinalIgnoreCase);
}
