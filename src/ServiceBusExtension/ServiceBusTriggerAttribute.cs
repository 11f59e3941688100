using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>
/// The trigger attribute of <c>Microsoft.Azure.Functions.Worker.Extensions.ServiceBus</c>, declared with that package's public signature, for feeds that lack it.
/// A published app has the package's own.
/// </summary>
public sealed class ServiceBusTriggerAttribute : TriggerBindingAttribute, ISupportCardinality
{
    /// <param name="queueName">Name of the queue, or the name of a setting between percent signs.</param>
    public ServiceBusTriggerAttribute(string queueName) => QueueName = queueName;

    /// <param name="topicName">Name of the topic, or the name of a setting between percent signs.</param>
    /// <param name="subscriptionName">Likewise, of the subscription.</param>
    public ServiceBusTriggerAttribute(string topicName, string subscriptionName)
    {
        TopicName = topicName;
        SubscriptionName = subscriptionName;
    }

    /// <summary>Name of the setting, or group of settings, that says how to connect.</summary>
    public string? Connection { get; set; }

    /// <summary>Null where a topic is listened to.</summary>
    public string? QueueName { get; }

    /// <summary>Null where a queue is listened to.</summary>
    public string? TopicName { get; }

    /// <summary>Null where a queue is listened to.</summary>
    public string? SubscriptionName { get; }

    public bool IsSessionsEnabled { get; set; }

    /// <summary>Whether one call takes many messages.</summary>
    [DefaultValue(false)]
    public bool IsBatched { get; set; }

    /// <summary>Whether the host completes a message when its function has returned.</summary>
    [DefaultValue(true)]
    public bool AutoCompleteMessages { get; set; } = true;

    Cardinality ISupportCardinality.Cardinality
    {
        get => IsBatched ? Cardinality.Many : Cardinality.One;
        set => IsBatched = value == Cardinality.Many;
    }
}
