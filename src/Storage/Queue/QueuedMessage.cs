using Headgate.Ports;
using Headgate.Storage.Log;
using Headgate.Storage.Queue.Records;

namespace Headgate.Storage.Queue;

/// <summary>A message of a queue. Its mutable properties are guarded by the queue.</summary>
internal sealed class QueuedMessage : ILogRecord
{
    private bool _completed;

    public required string Queue { get; init; }

    /// <summary>Unique in the database; later messages have higher numbers.</summary>
    public required long Sequence { get; init; }

    public required string MessageId { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    public string? TraceParent { get; init; }

    /// <summary>By the queue's <see cref="SteadyClock"/>, as is <see cref="ScheduledFor"/>.</summary>
    public required DateTimeOffset EnqueuedAt { get; init; }

    public DateTimeOffset? ScheduledFor { get; init; }

    /// <inheritdoc cref="ReceivedMessage.IsRestored"/>
    public bool IsRestored { get; set; }

    /// <summary>Deliveries so far, the current one included.</summary>
    public int DeliveryCount { get; set; }

    /// <summary>May be read outside the queue's lock.</summary>
    public bool IsCompleted
    {
        get => Volatile.Read(ref _completed);
        set => Volatile.Write(ref _completed, value);
    }

    /// <summary>Place in line: the sequence number, or a later number drawn when a scheduled or restored message became available.</summary>
    public long Place { get; set; }

    /// <summary>When it became available.</summary>
    public DateTimeOffset ActiveSince => ScheduledFor > EnqueuedAt ? ScheduledFor.Value : EnqueuedAt;

    byte ILogRecord.Kind => MessageLogClient.Sent;

    void ILogRecord.Encode(ByteWriter fields) => fields
        .Number(Sequence).Text(Queue).Text(MessageId).Blob(Body.Span).Text(TraceParent).Number(EnqueuedAt.UtcTicks).Number(ScheduledFor?.UtcTicks ?? 0);

    public static QueuedMessage Of(OutgoingMessage message, long sequence, DateTimeOffset now, DateTimeOffset? scheduledFor) => new()
    {
        Queue = message.Queue,
        Sequence = sequence,
        Place = sequence,
        MessageId = message.MessageId,
        Body = message.Body.ToArray(),
        TraceParent = message.TraceParent,
        EnqueuedAt = now,
        ScheduledFor = scheduledFor,
    };
}
