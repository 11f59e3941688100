using Microsoft.DurableTask;

namespace Headgate.Engine;

/// <summary>Features of the Durable Task model that this engine lacks. Each refusal says what to use instead.</summary>
internal static class Unsupported
{
    public static NotSupportedException Entities() =>
        Refusal("durable entities", "keep state in a table, or in an orchestration that waits for events and continues as new");

    public static NotSupportedException Rewind() =>
        Refusal("rewinding", $"start the instance again from its input with {nameof(Microsoft.DurableTask.Client.DurableTaskClient.RestartAsync)}");

    public static NotSupportedException Histories() =>
        Refusal("handing out histories", $"read status, output and failure with {nameof(Microsoft.DurableTask.Client.DurableTaskClient.GetInstanceAsync)}");

    /// <exception cref="NotSupportedException">A version was given, which the engine would silently ignore.</exception>
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
