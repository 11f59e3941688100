using Microsoft.DurableTask;

namespace Headgate.Engine;

/// <summary>One call of an activity.</summary>
public sealed class ActivityInvocation : TaskActivityContext
{
    private readonly DataConverter _converter;

    /// <param name="name">Whom to call.</param>
    /// <param name="instanceId">Who calls.</param>
    /// <param name="input">The input as text; null for none.</param>
    /// <param name="converter">Reads the input.</param>
    /// <param name="stopping">Set when the process can't wait any longer.</param>
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

    /// <summary>The input as text; null where none was given.</summary>
    public string? SerializedInput { get; }

    /// <summary>Set when the process can't wait any longer. An activity that ends by it is called again at the next start.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>The input, converted; null where none was given.</summary>
    public object? ReadInput(Type type) => SerializedInput is null ? null : _converter.Deserialize(SerializedInput, type);
}
