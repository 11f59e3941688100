using Headgate.Storage.Log;

namespace Headgate.Storage.Queue.Records;

/// <summary>The log client of messages.</summary>
internal sealed class MessageLogClient : ILogClient
{
    public const byte Sent = 3;
    public const byte Delivered = 4;
    public const byte Completed = 5;
    public const byte CompletedUnkept = 6;
    public const byte DeadLettered = 7;
    public const byte Forgotten = 8;

    public byte FirstKind => Sent;

    public byte LastKind => Forgotten;

    public ILogRecord Decode(byte kind, ref ByteReader fields) => kind switch
    {
        Sent => Message(ref fields),
        Delivered => new Delivered(fields.Number(), (int)fields.Number()),
        Completed => new Completed(fields.Number(), new SentId(fields.Text()!, fields.Text()!, Time(fields.Number()))),
        CompletedUnkept => new Completed(fields.Number(), null),
        DeadLettered => new DeadLettered(fields.Number(), new(Time(fields.Number()), fields.Text()!, fields.Text())),
        Forgotten => new Forgotten(Time(fields.Number())),
        _ => throw LogClients.Unknown(kind),
    };

    public IPendingRecords NewPending(bool partlyMerged) => new PendingMessages(partlyMerged);

    private static QueuedMessage Message(ref ByteReader fields) => new()
    {
        Sequence = fields.Number(),
        Queue = fields.Text()!,
        MessageId = fields.Text()!,
        Body = fields.Blob(),
        TraceParent = fields.Text(),
        EnqueuedAt = Time(fields.Number()),
        ScheduledFor = fields.Number() is > 0 and var scheduled ? Time(scheduled) : null,
    };

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}
