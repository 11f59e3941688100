using Headgate.Engine.History;
using Headgate.Storage.Log;
using Microsoft.DurableTask.Client;

namespace Headgate.Engine.Instances.Records;

/// <summary>The log client of orchestrations: rows, turns and inboxes.</summary>
internal sealed class InstanceLogClient : ILogClient
{
    public const byte Row = 9;
    public const byte Progressed = 10;
    public const byte Deleted = 11;
    public const byte TurnAdded = 12;
    public const byte HistoryCleared = 13;
    public const byte EventQueued = 14;
    public const byte EventTaken = 15;
    public const byte InboxCleared = 16;

    public byte FirstKind => Row;

    public byte LastKind => InboxCleared;

    public ILogRecord Decode(byte kind, ref ByteReader fields) => kind switch
    {
        Row => InstanceRow.Decode(ref fields),
        Progressed => new InstanceProgress(fields.Text()!, (OrchestrationRuntimeStatus)fields.Byte(), new(fields.Number(), TimeSpan.Zero), InstanceRow.DecodeDue(ref fields)),
        Deleted => new InstanceDeleted(fields.Text()!),
        TurnAdded => new TurnAdded(fields.Text()!, (int)fields.Number(), fields.Blob()),
        HistoryCleared => new HistoryCleared(fields.Text()!),
        EventQueued => new EventQueued(fields.Text()!, new(fields.Number(), fields.Number(), HistoryCodec.Decode(fields.Blob()))),
        EventTaken => new EventTaken(fields.Text()!, fields.Number()),
        InboxCleared => new InboxCleared(fields.Text()!),
        _ => throw LogClients.Unknown(kind),
    };

    public IPendingRecords NewPending(bool partlyMerged) => new PendingInstances(partlyMerged);
}
