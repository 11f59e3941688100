using Headgate.LocalHost.Durable.Instances;
using Headgate.LocalHost.Queue;
using Headgate.LocalHost.Queue.DeadLetters;
using Headgate.LocalHost.Queue.Storage;
using Headgate.LocalHost.Tables;

namespace Headgate.LocalHost.Journal;

/// <summary>
/// Everything that can happen to what is on disk. An operation says it; the journal writes it down (<see cref="JournalEncoder"/>),
/// <see cref="PendingChanges"/> boils it down to what is left to do, and a start reads it back (<see cref="JournalDecoder"/>).
/// Saying a run of records again, whole and in order, leads to the same end.
/// </summary>
internal interface IRecordSink
{
    /// <summary>A row as it is now; without data it is gone.</summary>
    void Row(StoredRow row);

    void MessageSent(QueuedMessage message);

    void MessageDelivered(long sequence, int deliveries);

    /// <summary>A message is done with.</summary>
    /// <param name="sequence">Which.</param>
    /// <param name="kept">What finds its duplicates; null where none can come any more.</param>
    void MessageCompleted(long sequence, SentId? kept);

    void MessageDeadLettered(long sequence, DeadLettering letter);

    /// <summary>No duplicate can match a completed message sent at or before this time any more.</summary>
    void MessageIdsForgotten(DateTimeOffset sentUntil);

    /// <summary>An instance with all it is.</summary>
    void Instance(InstanceRow row);

    /// <summary>An instance went on: status and times of the row, nothing else.</summary>
    void InstanceProgressed(InstanceProgress progress);

    void InstanceDeleted(string id);

    void TurnAdded(string id, int turn, byte[] events);

    void HistoryCleared(string id);

    void EventQueued(string id, InboxItem item);

    void EventTaken(string id, long number);

    void InboxCleared(string id);
}
