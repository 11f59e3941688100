using Headgate.Ports;

namespace Headgate.Conformance.Queues;

/// <summary>One delivery, as the test needs it.</summary>
/// <param name="Handle">What the implementation settles it by.</param>
public sealed record Delivery(string MessageId, string Body, string? TraceParent, int Count, object Handle);

/// <summary>
/// What every queue with peek-lock does, with a lock of 30 seconds, ten deliveries and a duplicate window of one minute. A subclass
/// gives an empty queue and a clock.
/// </summary>
public abstract partial class QueueConformance
{
    protected static readonly TimeSpan LockDuration = TimeSpan.FromSeconds(30);
    protected static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    protected abstract IQueueSender Sender { get; }

    protected abstract IQueueMetrics Metrics { get; }

    protected abstract DateTimeOffset Now { get; }

    protected abstract Task Advance(TimeSpan by);

    /// <summary>Null where nothing is deliverable now.</summary>
    protected abstract Task<Delivery?> Receive();

    protected abstract Task<bool> Complete(Delivery delivery);

    protected abstract Task<bool> Abandon(Delivery delivery);

    protected abstract Task<bool> DeadLetter(Delivery delivery, string reason, string description);

    protected abstract Task<bool> Renew(Delivery delivery);

    protected abstract IQueueDeadLetters Letters { get; }

    /// <summary>Message id, deliveries and reason of each dead letter, oldest first.</summary>
    protected async Task<IReadOnlyList<(string MessageId, int Count, string Reason)>> DeadLetters() =>
        [.. (await Letters.ReadAsync("runs", 0, 100)).Select(letter => (letter.MessageId, letter.Deliveries, letter.Reason))];

    protected async Task Send(string id, DateTimeOffset? at = null) =>
        await Sender.SendAsync(new("runs", id, "{}"u8.ToArray(), null, at));

    protected async Task<Delivery> Received(string id)
    {
        var delivery = await Receive();
        Assert.Equal(id, delivery?.MessageId);
        return delivery!;
    }

    protected async Task AssertEmpty() => Assert.Null(await Receive());
}
