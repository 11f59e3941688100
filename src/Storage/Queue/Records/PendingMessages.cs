using Headgate.Storage.Log;
using Headgate.Storage.Queue.DeadLetters;
using Headgate.Storage.Sqlite;

namespace Headgate.Storage.Queue.Records;

/// <summary>Message records, coalesced. A message sent and completed within them leaves only its id.</summary>
/// <param name="partlyMerged">As in <see cref="ILogClient.NewPending"/>.</param>
internal sealed class PendingMessages(bool partlyMerged) : IPendingRecords
{
    private readonly Dictionary<long, Fate> _fates = [];
    private readonly List<SentId> _completed = [];
    private DateTimeOffset? _forgotten;

    public int Count => _fates.Count + _completed.Count;

    public void Add(ILogRecord record)
    {
        switch (record)
        {
            case QueuedMessage sent:
                Of(sent.Sequence).Sent = sent;
                break;
            case Delivered delivered:
                Of(delivered.Sequence).Deliveries = delivered.Deliveries;
                break;
            case Completed completed:
                Complete(completed);
                break;
            case DeadLettered dead:
                Of(dead.Sequence).DeadLettered = dead.Letter;
                break;
            case Forgotten forgotten:
                _forgotten = forgotten.SentUntil;
                break;
        }
    }

    public void Merged()
    {
        // Messages that are not completed are in memory anyway.
    }

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

    private void Complete(Completed completed)
    {
        if (completed.Kept is { } id)
            _completed.Add(id);
        if (!partlyMerged && _fates.TryGetValue(completed.Sequence, out var fate) && fate.Sent is not null)
            _fates.Remove(completed.Sequence);
        else
            Of(completed.Sequence).IsCompleted = true;
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
