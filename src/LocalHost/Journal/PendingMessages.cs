using Headgate.LocalHost.Queue;
using Headgate.LocalHost.Queue.DeadLetters;
using Headgate.LocalHost.Queue.Storage;
using Headgate.LocalHost.Sqlite;

namespace Headgate.LocalHost.Journal;

/// <summary>What became of messages. One that was sent and completed meanwhile leaves nothing but its id.</summary>
/// <inheritdoc cref="PendingChanges"/>
internal sealed class PendingMessages(bool partlyMerged)
{
    private readonly Dictionary<long, Fate> _fates = [];
    private readonly List<SentId> _completed = [];
    private DateTimeOffset? _forgotten;

    public int Count => _fates.Count + _completed.Count;

    public void Sent(QueuedMessage message) => Of(message.Sequence).Sent = message;

    public void Delivered(long sequence, int deliveries) => Of(sequence).Deliveries = deliveries;

    public void Completed(long sequence, SentId? kept)
    {
        if (kept is { } id)
            _completed.Add(id);
        if (!partlyMerged && _fates.TryGetValue(sequence, out var fate) && fate.Sent is not null)
            _fates.Remove(sequence);
        else
            Of(sequence).IsCompleted = true;
    }

    public void DeadLettered(long sequence, DeadLettering letter) => Of(sequence).DeadLettered = letter;

    public void Forgotten(DateTimeOffset sentUntil) => _forgotten = sentUntil;

    public void Clear()
    {
        _fates.Clear();
        _completed.Clear();
        _forgotten = null;
    }

    public IEnumerable<IPendingWrite> Writes()
    {
        foreach (var (_, fate) in _fates.OrderBy(pair => pair.Key))
            yield return fate;
        if (_completed.Count > 0)
            yield return new PendingWrite(64 * _completed.Count, connection => MessageIdStatements.Insert(connection, _completed));
        if (_forgotten is { } sentUntil)
            yield return new PendingWrite(0, connection => MessageIdStatements.Forget(connection, sentUntil));
    }

    private Fate Of(long sequence) => _fates.TryGetValue(sequence, out var fate) ? fate : _fates[sequence] = new(sequence);

    private sealed class Fate(long sequence) : IPendingWrite
    {
        public QueuedMessage? Sent { get; set; }

        public int? Deliveries { get; set; }

        public bool IsCompleted { get; set; }

        public DeadLettering? DeadLettered { get; set; }

        public int Bytes => Sent?.Body.Length ?? 0;

        public void Run(Connection connection)
        {
            if (IsCompleted)
            {
                MessageStatements.Delete(connection, sequence);
                return;
            }

            if (Sent is not null)
                MessageStatements.Insert(connection, Sent);
            if (Deliveries is { } deliveries)
                MessageStatements.Delivered(connection, sequence, deliveries);
            if (DeadLettered is { } letter)
                MessageStatements.DeadLettered(connection, sequence, letter);
        }
    }
}
