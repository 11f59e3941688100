using Headgate.LocalHost.Journal;
using Headgate.LocalHost.Queue.DeadLetters;
using Headgate.LocalHost.Sqlite.Writing;

namespace Headgate.LocalHost.Queue.Storage;

/// <summary>Messages sent without a table change.</summary>
internal sealed class Sent(IReadOnlyList<QueuedMessage> messages) : IWriteOperation
{
    public void Write(IRecordSink records)
    {
        foreach (var message in messages)
            records.MessageSent(message);
    }
}

/// <summary>
/// A delivery, so that one that kills the process counts. A message completed by the time this is written needs no count: its
/// completion follows in the log.
/// </summary>
internal sealed class Delivered(QueuedMessage message, int deliveries) : IWriteOperation
{
    public void Write(IRecordSink records)
    {
        if (!message.IsCompleted)
            records.MessageDelivered(message.Sequence, deliveries);
    }
}

internal sealed class Completed(long sequence, SentId? kept) : IWriteOperation
{
    public void Write(IRecordSink records) => records.MessageCompleted(sequence, kept);
}

internal sealed class DeadLettered(long sequence, DateTimeOffset at, string reason, string? description) : IWriteOperation
{
    public void Write(IRecordSink records) => records.MessageDeadLettered(sequence, new(at, reason, description));
}

/// <summary>The ids of completed messages that no duplicate can match any more.</summary>
internal sealed class Forgotten(DateTimeOffset sentUntil) : IWriteOperation
{
    public void Write(IRecordSink records) => records.MessageIdsForgotten(sentUntil);
}
