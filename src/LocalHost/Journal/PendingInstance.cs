using Headgate.LocalHost.Durable.Instances;
using Headgate.LocalHost.Sqlite;

namespace Headgate.LocalHost.Journal;

/// <summary>What is left to write of one orchestration. An event queued and taken meanwhile leaves nothing.</summary>
internal sealed class PendingInstance(string id, bool partlyMerged) : IPendingWrite
{
    // Thousands of instances are pending at a time, most with two turns and no event.
    private (int Turn, byte[] Events)[] _turns = [];
    private int _turnCount;

    /// <summary>Null for an event to be taken out.</summary>
    private Dictionary<long, InboxItem?>? _inbox;

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
            foreach (var (_, events) in Turns)
                bytes += events.Length;
            return bytes;
        }
    }

    private ReadOnlySpan<(int Turn, byte[] Events)> Turns => _turns.AsSpan(0, _turnCount);

    public void Become(InstanceRow row) => (_row, _progress, _deleted) = (row, null, false);

    public void Progress(InstanceProgress progress)
    {
        if (_row is not null)
            _row = progress.On(_row);
        else
            _progress = progress;
    }

    public void Delete() => (_row, _progress, _deleted) = (null, null, true);

    public void Add(int turn, byte[] events)
    {
        if (_turnCount == _turns.Length)
            Array.Resize(ref _turns, Math.Max(2, 2 * _turnCount));
        _turns[_turnCount++] = (turn, events);
    }

    public void ClearHistory()
    {
        _historyCleared = true;
        (_turns, _turnCount) = ([], 0);
    }

    public void Queue(InboxItem item) => (_inbox ??= [])[item.Number] = item;

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
        foreach (var (turn, events) in Turns)
            InstanceSql.PutTurn(connection, id, turn, events);
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

    private void RunInbox(Connection connection, Dictionary<long, InboxItem?> inbox)
    {
        foreach (var (number, item) in inbox)
        {
            if (item is { } queued)
                InstanceSql.PutInbox(connection, id, queued);
            else
                InstanceSql.DeleteInbox(connection, id, number);
        }
    }
}
