using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>The function receives the messages of a queue, one at a time.</summary>
/// <param name="queueName">Queue name, or the name of a setting between percent signs.</param>
[AttributeUsage(AttributeTargets.Parameter, AllowMultiple = false)]
public sealed class ServiceBusTriggerAttribute(string queueName) : TriggerBindingAttribute
{
    public string? QueueName { get; } = queueName;

    /// <summary>Name of the connection setting.</summary>
    public string? Connection { get; set; }

    /// <summary>Complete a message when its function returned; true unless set.</summary>
    public bool AutoCompleteMessages { get; set; } = true;
}
