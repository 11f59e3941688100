using Headgate.Storage.Log;
using Headgate.Storage.Sqlite;

namespace Headgate.Engine.Instances.Records;

/// <summary>Records of one orchestration, coalesced. An event queued and taken within them leaves nothing.</summary>
internal sealed class PendingInstance(string id, bool partlyMerged) : IPendingWrite
{
    // An array, not a list: thousands of instances are pending at a time, most with two turns.
    private TurnAdded[] _turns = [];
    private int _turnCount;

    /// <summary>Null for an event to delete.</summary>
    private Dictionary<long, EventQueued?>? _inbox;

    private InstanceRow? _row;
    private InstanceProgress? _progress;
    private bool _deleted;
    private bool _historyCleared;
    private bool _inboxCleared;

    /// <inheritdoc/>
    public int Bytes
    {
        get
        {
            var bytes = (_row?.Input?.Length ?? 0) + (_row?.Output?.Length ?? 0);
            foreach (var turn in Turns)
                bytes += turn.Events.Length;
            return bytes;
        }
    }

    private ReadOnlySpan<TurnAdded> Turns => _turns.AsSpan(0, _turnCount);

    public void Become(InstanceRow row) => (_row, _progress, _deleted) = (row, null, false);

    public void Progress(InstanceProgress progress)
    {
        if (_row is not null)
            _row = progress.On(_row);
        else
            _progress = progress;
    }

    public void Delete() => (_row, _progress, _deleted) = (null, null, true);

    public void Add(TurnAdded turn)
    {
        if (_turnCount == _turns.Length)
            Array.Resize(ref _turns, Math.Max(2, 2 * _turnCount));
        _turns[_turnCount++] = turn;
    }

    public void ClearHistory()
    {
        _historyCleared = true;
        (_turns, _turnCount) = ([], 0);
    }

    public void Queue(EventQueued queued) => (_inbox ??= [])[queued.Item.Number] = queued;

    public void Take(long number)
    {
        _inbox ??= [];
        if (!partlyMerged && _inbox.TryGetValue(number, out var queued) && queued is not null)
            _inbox.Remove(number);
        else
            _inbox[number] = null;
    }

    public void ClearInbox()
    {
        _inboxCleared = true;
        _inbox = null;
    }

    public void Run(Connection connection)
    {
        if (_historyCleared)
            InstanceSql.ClearHistory(connection, id);
        foreach (var turn in Turns)
            InstanceSql.PutTurn(connection, turn);
        if (_inboxCleared)
            InstanceSql.ClearInbox(connection, id);
        if (_inbox is not null)
            RunInbox(connection, _inbox);
        if (_row is not null)
            InstanceSql.Put(connection, _row);
        else if (_deleted)
            InstanceSql.Delete(connection, id);
        else if (_progress is { } progress)
            InstanceSql.Progress(connection, progress);
    }

    private void RunInbox(Connection connection, Dictionary<long, EventQueued?> inbox)
    {
        foreach (var (number, queued) in inbox)
        {
            if (queued is not null)
                InstanceSql.PutInbox(connection, queued);
            else
                InstanceSql.DeleteInbox(connection, id, number);
        }
    }
}
