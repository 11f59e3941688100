using Headgate.LocalHost.Durable.Instances;
using Headgate.LocalHost.Sqlite;

namespace Headgate.LocalHost.Journal;

/// <summary>What is left to write of one orchestration. An event queued and taken meanwhile leaves nothing.</summary>
internal sealed class PendingInstance(string id, bool partlyMerged) : IPendingWrite
{
    private readonly List<(int Turn, byte[] Events)> _turns = [];

    /// <summary>Null for an event to be taken out.</summary>
    private readonly Dictionary<long, InboxItem?> _inbox = [];

    private InstanceRow? _row;
    private InstanceProgress? _progress;
    private bool _deleted;
    private bool _historyCleared;
    private bool _inboxCleared;

    /// <inheritdoc/>
    public int Bytes => _turns.Sum(turn => turn.Events.Length) + (_row?.Input?.Length ?? 0) + (_row?.Output?.Length ?? 0);

    public void Become(InstanceRow row) => (_row, _progress, _deleted) = (row, null, false);

    public void Progress(InstanceProgress progress)
    {
        if (_row is not null)
            _row = progress.On(_row);
        else
            _progress = progress;
    }

    public void Delete() => (_row, _progress, _deleted) = (null, null, true);

    public void Add(int turn, byte[] events) => _turns.Add((turn, events));

    public void ClearHistory()
    {
        _historyCleared = true;
        _turns.Clear();
    }

    public void Queue(InboxItem item) => _inbox[item.Number] = item;

    public void Take(long number)
    {
        if (!partlyMerged && _inbox.TryGetValue(number, out var queued) && queued is not null)
            _inbox.Remove(number);
        else
            _inbox[number] = null;
    }

    public void ClearInbox()
    {
        _inboxCleared = true;
        _inbox.Clear();
    }

    public void Run(Connection connection)
    {
        if (_historyCleared)
            InstanceSql.ClearHistory(connection, id);
        foreach (var (turn, events) in _turns)
            InstanceSql.PutTurn(connection, id, turn, events);
        if (_inboxCleared)
            InstanceSql.ClearInbox(connection, id);
        foreach (var (number, item) in _inbox)
        {
            if (item is { } queued)
                InstanceSql.PutInbox(connection, id, queued);
            else
                InstanceSql.DeleteInbox(connection, id, number);
        }

        if (_row is not null)
            InstanceSql.Put(connection, _row);
        else if (_deleted)
            InstanceSql.Delete(connection, id);
        else if (_progress is { } progress)
            InstanceSql.Progress(connection, progress);
    }
}
