using Headgate.Storage.Log;
using Headgate.Storage.Queue.DeadLetters;

namespace Headgate.Storage.Queue.Records;

/// <summary>Messages are sent without a table change.</summary>
internal sealed class Sent(IReadOnlyList<QueuedMessage> messages) : IWriteOperation
{
    public void Write(IRecordSink records)
    {
        foreach (var message in messages)
            records.Add(message);
    }
}

/// <summary>
/// A message is delivered; recorded so that a delivery that ends the process counts. Skipped if the message is completed before this is
/// written, because the completion follows in the log.
/// </summary>
/// <param name="sequence">The message's number.</param>
/// <param name="deliveries">Deliveries so far.</param>
/// <param name="message">The message; null if read from the journal.</param>
internal sealed class Delivered(long sequence, int deliveries, QueuedMessage? message = null) : ILogRecord, IWriteOperation
{
    public byte Kind => MessageLogClient.Delivered;

    public long Sequence => sequence;

    public int Deliveries => deliveries;

    public void Encode(ByteWriter fields) => fields.Number(sequence).Number(deliveries);

    public void Write(IRecordSink records)
    {
        if (message is not { IsCompleted: true })
            records.Add(this);
    }
}

/// <summary>A message is removed.</summary>
/// <param name="sequence">The message's number.</param>
/// <param name="kept">Its id, to find duplicates; null if its duplicate window is over.</param>
internal sealed class Completed(long sequence, SentId? kept) : ILogRecord, IWriteOperation
{
    public byte Kind => kept is null ? MessageLogClient.CompletedUnkept : MessageLogClient.Completed;

    public long Sequence => sequence;

    public SentId? Kept => kept;

    public void Encode(ByteWriter fields)
    {
        fields.Number(sequence);
        if (kept is { } id)
            fields.Text(id.Queue).Text(id.MessageId).Number(id.At.UtcTicks);
    }

    public void Write(IRecordSink records) => records.Add(this);
}

internal sealed class DeadLettered(long sequence, DeadLettering letter) : ILogRecord, IWriteOperation
{
    public byte Kind => MessageLogClient.DeadLettered;

    public long Sequence => sequence;

    public DeadLettering Letter => letter;

    public void Encode(ByteWriter fields) => fields.Number(sequence).Number(letter.At.UtcTicks).Text(letter.Reason).Text(letter.Description);

    public void Write(IRecordSink records) => records.Add(this);
}

/// <summary>Ids of completed messages sent at or before this time are removed: their duplicate window is over.</summary>
internal sealed class Forgotten(DateTimeOffset sentUntil) : ILogRecord, IWriteOperation
{
    public byte Kind => MessageLogClient.Forgotten;

    public DateTimeOffset SentUntil => sentUntil;

    public void Encode(ByteWriter fields) => fields.Number(sentUntil.UtcTicks);

    public void Write(IRecordSink records) => records.Add(this);
}
