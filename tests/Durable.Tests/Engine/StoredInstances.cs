using System.Collections;
using System.Reflection;
using Microsoft.DurableTask.Testing.Sidecar;

namespace Headgate.Durable.Tests.Engine;

/// <summary>Reads private fields of the engine's store (pinned version), which doesn't say whether an instance is idle.</summary>
internal static class StoredInstances
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static bool IsBusy(InMemoryOrchestrationService store, string id) => Of(store)[id] is { } instance && IsBusy(instance);

    public static bool AreBusy(InMemoryOrchestrationService store) => Of(store).Values.Cast<object>().Any(IsBusy);

    private static IDictionary Of(InMemoryOrchestrationService store) => (IDictionary)Field(Field(store, "instanceStore"), "store");

    private static bool IsBusy(object instance)
    {
        lock (instance)
            return Property<bool>(instance, "IsLoaded") || Property<ICollection<System.Text.Json.Nodes.JsonNode?>>(instance, "MessagesJson").Count > 0;
    }

    private static object Field(object owner, string name) =>
        (owner.GetType().GetField(name, Any) ?? throw new MissingFieldException(owner.GetType().FullName, name)).GetValue(owner)!;

    private static T Property<T>(object owner, string name) =>
        (T)(owner.GetType().GetProperty(name, Any) ?? throw new MissingMemberException(owner.GetType().FullName, name)).GetValue(owner)!;
}
