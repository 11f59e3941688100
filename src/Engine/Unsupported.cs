using Microsoft.DurableTask;

namespace Headgate.Engine;

/// <summary>What the published interface offers and this engine has not. Each refusal names the engine and what to use instead.</summary>
internal static class Unsupported
{
    public static NotSupportedException Entities() =>
        Refusal("durable entities", "keep state in a table, or in an orchestration that waits for events and continues as new");

    public static NotSupportedException Rewind() =>
        Refusal("rewinding", $"start the instance again from its input with {nameof(Microsoft.DurableTask.Client.DurableTaskClient.RestartAsync)}");

    public static NotSupportedException Histories() =>
        Refusal("handing out histories", $"read status, output and failure with {nameof(Microsoft.DurableTask.Client.DurableTaskClient.GetInstanceAsync)}");

    /// <exception cref="NotSupportedException">A version is asked for: the instance would run under none, and nobody be told.</exception>
    public static void RefuseVersion(string? version)
    {
        if (!string.IsNullOrEmpty(version))
            throw Refusal("versions of orchestrations and activities", "give a function that changed a name of its own");
    }

    /// <inheritdoc cref="RefuseVersion(string?)"/>
    public static void RefuseVersion(TaskOptions? options) =>
        RefuseVersion((options is SubOrchestrationOptions sub ? sub.Version ?? options.Version : options?.Version)?.Version);

    private static NotSupportedException Refusal(string what, string instead) =>
        new($"The embedded durable engine does not support {what}: {instead}.");
}
