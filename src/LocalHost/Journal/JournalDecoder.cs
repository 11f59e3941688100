using System.Text.Json;
using Headgate.LocalHost.Durable.History;
using Headgate.LocalHost.Durable.Instances;
using Headgate.LocalHost.Queue;
using Headgate.LocalHost.Queue.Storage;
using Headgate.LocalHost.Tables;
using Headgate.Ports;
using Microsoft.DurableTask.Client;

namespace Headgate.LocalHost.Journal;

/// <summary>Reads back what <see cref="JournalEncoder"/> wrote.</summary>
internal static class JournalDecoder
{
    /// <exception cref="InvalidDataException">A newer build wrote it.</exception>
    public static void Replay(ReadOnlySpan<byte> bytes, IRecordSink sink)
    {
        var reader = new ByteReader(bytes);
        while (!reader.AtEnd)
            Replay(ref reader, sink);
    }

    private static void Replay(ref ByteReader reader, IRecordSink sink)
    {
        var kind = reader.Byte();
        switch (kind)
        {
            case 1:
                sink.Row(new(Address(ref reader), reader.Number(), reader.Blob()));
                break;
            case 2:
                sink.Row(new(Address(ref reader), reader.Number(), null));
                break;
            case 3:
                sink.MessageSent(Message(ref reader));
                break;
            case 4:
                sink.MessageDelivered(reader.Number(), (int)reader.Number());
                break;
            case 5:
                sink.MessageCompleted(reader.Number(), new SentId(reader.Text()!, reader.Text()!, Time(reader.Number())));
                break;
            case 6:
                sink.MessageCompleted(reader.Number(), null);
                break;
            case 7:
                sink.MessageDeadLettered(reader.Number(), new(Time(reader.Number()), reader.Text()!, reader.Text()));
                break;
            case 8:
                sink.MessageIdsForgotten(Time(reader.Number()));
                break;
            case 9:
                sink.Instance(Instance(ref reader));
                break;
            case 10:
                sink.InstanceProgressed(new(reader.Text()!, (OrchestrationRuntimeStatus)reader.Byte(), Time(reader.Number()), Due(ref reader)));
                break;
            case 11:
                sink.InstanceDeleted(reader.Text()!);
                break;
            case 12:
                sink.TurnAdded(reader.Text()!, (int)reader.Number(), reader.Blob());
                break;
            case 13:
                sink.HistoryCleared(reader.Text()!);
                break;
            case 14:
                sink.EventQueued(reader.Text()!, new(reader.Number(), reader.Number(), HistoryCodec.Decode(reader.Blob())));
                break;
            case 15:
                sink.EventTaken(reader.Text()!, reader.Number());
                break;
            case 16:
                sink.InboxCleared(reader.Text()!);
                break;
            default:
                throw new InvalidDataException($"The journal holds a record of unknown kind {kind}; a newer build has written it.");
        }
    }

    private static RowAddress Address(ref ByteReader reader) => new((Table)reader.Number(), reader.Text()!, reader.Text()!);

    private static QueuedMessage Message(ref ByteReader reader) => new()
    {
        Sequence = reader.Number(),
        Queue = reader.Text()!,
        MessageId = reader.Text()!,
        Body = reader.Blob(),
        TraceParent = reader.Text(),
        EnqueuedAt = Time(reader.Number()),
        ScheduledFor = reader.Number() is > 0 and var scheduled ? Time(scheduled) : null,
    };

    private static InstanceRow Instance(ref ByteReader reader) => new()
    {
        Id = reader.Text()!,
        Name = reader.Text()!,
        Execution = reader.Number(),
        Status = (OrchestrationRuntimeStatus)reader.Byte(),
        Created = Time(reader.Number()),
        Updated = Time(reader.Number()),
        Due = Due(ref reader),
        Input = reader.Text(),
        Output = reader.Text(),
        CustomStatus = reader.Text(),
        Failure = reader.Blob() is { Length: > 0 } failure ? HistoryCodec.DecodeFailure(failure) : null,
        Parent = Parent(ref reader),
        Tags = reader.Text() is { } tags ? JsonSerializer.Deserialize<Dictionary<string, string>>(tags) : null,
    };

    private static ParentLink? Parent(ref ByteReader reader)
    {
        var (id, name, task, execution) = (reader.Text(), reader.Text(), (int)reader.Number(), reader.Number());
        return id is null ? null : new(id, name!, task, execution);
    }

    private static long? Due(ref ByteReader reader) => reader.Number() - 1 is >= 0 and var due ? due : null;

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}
