using Headgate.Ports;
using Headgate.Storage.Log;
using Headgate.Storage.Queue.Records;

namespace Headgate.Storage.Queue;

/// <summary>A message that has not been settled yet. The counters are guarded by its queue.</summary>
internal sealed class QueuedMessage : ILogRecord
{
    private bool _completed;

    public required string Queue { get; init; }

    /// <summary>Unique in the database; later messages have higher numbers.</summary>
    public required long Sequence { get; init; }

    public required string MessageId { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    public string? TraceParent { get; init; }

    /// <summary>By the queue's clock, as <see cref="ScheduledFor"/> is: the wait that is left never grows beyond their difference.</summary>
    public required DateTimeOffset EnqueuedAt { get; init; }

    public DateTimeOffset? ScheduledFor { get; init; }

    /// <summary>Whether an earlier process has left it.</summary>
    public bool IsRestored { get; set; }

    /// <summary>How often it was handed out, this time included.</summary>
    public int DeliveryCount { get; set; }

    /// <summary>Whether it has been completed; read by the writer thread as well.</summary>
    public bool IsCompleted
    {
        get => Volatile.Read(ref _completed);
        set => Volatile.Write(ref _completed, value);
    }

    /// <summary>Place in the line: its sequence number, or for a scheduled one a number drawn when its time came.</summary>
    public long Place { get; set; }

    /// <summary>Since when it could have been delivered.</summary>
    public DateTimeOffset ActiveSince => ScheduledFor > EnqueuedAt ? ScheduledFor.Value : EnqueuedAt;

    byte ILogRecord.Kind => MessageLogClient.Sent;

    void ILogRecord.Encode(ByteWriter fields) => fields
        .Number(Sequence).Text(Queue).Text(MessageId).Blob(Body.Span).Text(TraceParent).Number(EnqueuedAt.UtcTicks).Number(ScheduledFor?.UtcTicks ?? 0);

    /// <param name="message">As it was sent.</param>
    /// <param name="sequence">Its number.</param>
    /// <param name="now">The time.</param>
    /// <param name="due">When it is to be delivered; null at once.</param>
    public static QueuedMessage Of(OutgoingMessage message, long sequence, DateTimeOffset now, DateTimeOffset? due) => new()
    {
        Queue = message.Queue,
        Sequence = sequence,
        Place = sequence,
        MessageId = message.MessageId,
        Body = message.Body.ToArray(),
        TraceParent = message.TraceParent,
        EnqueuedAt = now,
        ScheduledFor = due,
    };
}
