using System.Text.Json;
using Headgate.LocalHost.Durable.History;
using Headgate.LocalHost.Durable.Instances;
using Headgate.LocalHost.Queue;
using Headgate.LocalHost.Queue.DeadLetters;
using Headgate.LocalHost.Queue.Storage;
using Headgate.LocalHost.Tables;

namespace Headgate.LocalHost.Journal;

/// <summary>
/// Records as bytes: a kind, then its fields. What is on disk outlives this build: a kind keeps its number and its fields for good, and
/// something new gets a new number.
/// </summary>
internal sealed class JournalEncoder : IRecordSink
{
    private readonly ByteWriter _writer = new();

    /// <summary>What was encoded since <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Written => _writer.Written;

    /// <summary>How many records that is.</summary>
    public int Count { get; private set; }

    public void Clear()
    {
        _writer.Clear();
        Count = 0;
    }

    public void Row(StoredRow row)
    {
        var (table, partition, key) = row.Address;
        Start(row.Data is null ? (byte)2 : (byte)1).Number((long)table).Text(partition).Text(key).Number(row.Version);
        if (row.Data is not null)
            _writer.Blob(row.Data);
    }

    public void MessageSent(QueuedMessage message) => Start(3)
        .Number(message.Sequence).Text(message.Queue).Text(message.MessageId).Blob(message.Body.Span).Text(message.TraceParent)
        .Number(message.EnqueuedAt.UtcTicks).Number(message.ScheduledFor?.UtcTicks ?? 0);

    public void MessageDelivered(long sequence, int deliveries) => Start(4).Number(sequence).Number(deliveries);

    public void MessageCompleted(long sequence, SentId? kept)
    {
        Start(kept is null ? (byte)6 : (byte)5).Number(sequence);
        if (kept is { } id)
            _writer.Text(id.Queue).Text(id.MessageId).Number(id.At.UtcTicks);
    }

    public void MessageDeadLettered(long sequence, DeadLettering letter) =>
        Start(7).Number(sequence).Number(letter.At.UtcTicks).Text(letter.Reason).Text(letter.Description);

    public void MessageIdsForgotten(DateTimeOffset sentUntil) => Start(8).Number(sentUntil.UtcTicks);

    public void Instance(InstanceRow row) => Start(9)
        .Text(row.Id).Text(row.Name).Number(row.Execution).Byte((byte)row.Status).Number(row.Created.UtcTicks).Number(row.Updated.UtcTicks)
        .Number((row.Due ?? -1) + 1).Text(row.Input).Text(row.Output).Text(row.CustomStatus)
        .Blob(HistoryCodec.Encode(row.Failure))
        .Text(row.Parent?.InstanceId).Text(row.Parent?.Name).Number(row.Parent?.TaskId ?? 0).Number(row.Parent?.Execution ?? 0)
        .Text(row.Tags is { Count: > 0 } ? JsonSerializer.Serialize(row.Tags) : null);

    public void InstanceProgressed(InstanceProgress progress) => Start(10)
        .Text(progress.Id).Byte((byte)progress.Status).Number(progress.Updated.UtcTicks).Number((progress.Due ?? -1) + 1);

    public void InstanceDeleted(string id) => Start(11).Text(id);

    public void TurnAdded(string id, int turn, byte[] events) => Start(12).Text(id).Number(turn).Blob(events);

    public void HistoryCleared(string id) => Start(13).Text(id);

    public void EventQueued(string id, InboxItem item) =>
        Start(14).Text(id).Number(item.Number).Number(item.Execution).Blob(HistoryCodec.Encode(item.Event));

    public void EventTaken(string id, long number) => Start(15).Text(id).Number(number);

    public void InboxCleared(string id) => Start(16).Text(id);

    private ByteWriter Start(byte kind)
    {
        Count++;
        return _writer.Byte(kind);
    }
}
