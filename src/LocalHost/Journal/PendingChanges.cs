using Headgate.LocalHost.Durable.Instances;
using Headgate.LocalHost.Queue;
using Headgate.LocalHost.Queue.DeadLetters;
using Headgate.LocalHost.Queue.Storage;
using Headgate.LocalHost.Tables;

namespace Headgate.LocalHost.Journal;

/// <summary>
/// What a stretch of the journal comes down to: of everything only its latest state. Filled by the writer thread; complete when
/// <see cref="Writes"/> is asked for.
/// </summary>
/// <param name="partlyMerged">Whether some of it may be in the tables already: then what came and went meanwhile must be taken out of them.</param>
internal sealed class PendingChanges(bool partlyMerged = false) : IRecordSink
{
    private readonly List<IPendingWrite> _writes = [];
    private readonly PendingRows _rows = new();
    private readonly PendingMessages _messages = new(partlyMerged);
    private readonly PendingInstances _instances = new(partlyMerged);

    /// <summary>How many writes it takes, about.</summary>
    public int Count => _rows.Count + _messages.Count + _instances.Count;

    /// <summary>The rows among <see cref="Writes"/>; there once it has been asked for.</summary>
    public IReadOnlyList<StoredRow> Rows { get; private set; } = [];

    /// <summary>The writes that bring it into the tables. The list lives until <see cref="Clear"/>.</summary>
    public List<IPendingWrite> Writes()
    {
        Rows = _rows.Sorted();
        _writes.AddRange(Rows);
        _writes.AddRange(_messages.Writes());
        _writes.AddRange(_instances.Writes());
        return _writes;
    }

    /// <summary>Nothing is left; what was grown for it stays, for the next stretch.</summary>
    public void Clear()
    {
        _rows.Clear();
        _messages.Clear();
        _instances.Clear();
        _writes.Clear();
        Rows = [];
    }

    public void Row(StoredRow row) => _rows.Put(row);

    public void MessageSent(QueuedMessage message) => _messages.Sent(message);

    public void MessageDelivered(long sequence, int deliveries) => _messages.Delivered(sequence, deliveries);

    public void MessageCompleted(long sequence, SentId? kept) => _messages.Completed(sequence, kept);

    public void MessageDeadLettered(long sequence, DeadLettering letter) => _messages.DeadLettered(sequence, letter);

    public void MessageIdsForgotten(DateTimeOffset sentUntil) => _messages.Forgotten(sentUntil);

    public void Instance(InstanceRow row) => _instances.Of(row.Id).Become(row);

    public void InstanceProgressed(InstanceProgress progress) => _instances.Of(progress.Id).Progress(progress);

    public void InstanceDeleted(string id) => _instances.Of(id).Delete();

    public void TurnAdded(string id, int turn, byte[] events) => _instances.Of(id).Add(turn, events);

    public void HistoryCleared(string id) => _instances.Of(id).ClearHistory();

    public void EventQueued(string id, InboxItem item) => _instances.Of(id).Queue(item);

    public void EventTaken(string id, long number) => _instances.Of(id).Take(number);

    public void InboxCleared(string id) => _instances.Of(id).ClearInbox();
}
