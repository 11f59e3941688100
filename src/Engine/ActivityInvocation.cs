using Microsoft.DurableTask;

namespace Headgate.Engine;

/// <summary>One call of an activity.</summary>
public sealed class ActivityInvocation : TaskActivityContext
{
    private readonly DataConverter _converter;

    /// <param name="name">The activity.</param>
    /// <param name="instanceId">The calling orchestration.</param>
    /// <param name="input">Serialized; null if there is none.</param>
    /// <param name="converter">Reads the input.</param>
    /// <param name="stopping">As <see cref="Stopping"/>.</param>
    public ActivityInvocation(string name, string instanceId, string? input, DataConverter converter, CancellationToken stopping)
    {
        _converter = converter;
        Name = new(name);
        InstanceId = instanceId;
        SerializedInput = input;
        Stopping = stopping;
    }

    /// <inheritdoc/>
    public override TaskName Name { get; }

    /// <inheritdoc/>
    public override string InstanceId { get; }

    /// <summary>Null if there is none.</summary>
    public string? SerializedInput { get; }

    /// <summary>Cancelled when the process can't wait any longer. A cancelled activity is called again at the next start.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>The input, converted; null if there is none.</summary>
    public object? ReadInput(Type type) => SerializedInput is null ? null : _converter.Deserialize(SerializedInput, type);
}
