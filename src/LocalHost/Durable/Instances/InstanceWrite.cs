using Headgate.LocalHost.Journal;
using Headgate.LocalHost.Sqlite;

namespace Headgate.LocalHost.Durable.Instances;

/// <summary>One atomic change of one instance and of those it speaks to.</summary>
internal sealed class InstanceWrite(Instance instance) : IWriteOperation
{
    private readonly List<Instance> _touched = [instance];
    private List<(string Id, InboxItem Item)>? _inboxes;
    private List<(InstanceRow Row, bool Replaces)>? _started;
    private List<long>? _taken;
    private bool _clearsInbox;
    private byte[]? _turn;
    private int _turnNumber;
    private InstanceRow? _row;
    private bool _full;
    private bool _forgetsHistory;
    private bool _deletes;

    /// <summary>Makes or replaces the instance: an earlier one's history and inbox go.</summary>
    public InstanceWrite Start(InstanceRow row, bool replaces)
    {
        (_row, _full) = (row, true);
        if (replaces)
            (_forgetsHistory, _clearsInbox) = (true, true);
        return this;
    }

    /// <summary>Notes where the instance stands. Input, output and the like are written only when <paramref name="full"/>.</summary>
    public InstanceWrite Progress(InstanceRow row, bool full)
    {
        (_row, _full) = (row, full);
        return this;
    }

    public InstanceWrite Turn(int number, byte[] events)
    {
        (_turn, _turnNumber) = (events, number);
        return this;
    }

    public InstanceWrite ForgetHistory()
    {
        _forgetsHistory = true;
        return this;
    }

    public InstanceWrite ClearInbox()
    {
        _clearsInbox = true;
        return this;
    }

    /// <summary>Takes one event out of the inbox.</summary>
    public InstanceWrite Take(long number)
    {
        (_taken ??= []).Add(number);
        return this;
    }

    /// <summary>Puts an event into the inbox of an instance.</summary>
    public InstanceWrite Send(Instance target, InboxItem item)
    {
        Touch(target);
        (_inboxes ??= []).Add((target.Id, item));
        return this;
    }

    /// <summary>Starts another instance in the same step; an earlier one of its id goes. To be noted before memory follows.</summary>
    public InstanceWrite StartOther(Instance target, InstanceRow row)
    {
        Touch(target);
        (_started ??= []).Add((row, target.Row is not null));
        return this;
    }

    /// <summary>The instance is deleted with all it has.</summary>
    public InstanceWrite Delete()
    {
        (_deletes, _forgetsHistory, _clearsInbox) = (true, true, true);
        return this;
    }

    /// <summary>Counts the write with everyone it touches, until it is on disk. Call it right before appending.</summary>
    public InstanceWrite Announce()
    {
        foreach (var touched in _touched)
            touched.Appended();
        return this;
    }

    public void Write(IRecordSink records)
    {
        if (_clearsInbox)
            records.InboxCleared(instance.Id);
        foreach (var number in _taken ?? [])
            records.EventTaken(instance.Id, number);
        if (_forgetsHistory)
            records.HistoryCleared(instance.Id);
        if (_turn is not null)
            records.TurnAdded(instance.Id, _turnNumber, _turn);
        if (_deletes)
            records.InstanceDeleted(instance.Id);
        else if (_row is not null && _full)
            records.Instance(_row);
        else if (_row is not null)
            records.InstanceProgressed(InstanceProgress.Of(_row));
        foreach (var (row, replaces) in _started ?? [])
        {
            if (replaces)
            {
                records.InboxCleared(row.Id);
                records.HistoryCleared(row.Id);
            }

            records.Instance(row);
        }

        foreach (var (id, item) in _inboxes ?? [])
            records.EventQueued(id, item);
    }

    public void Merged()
    {
        foreach (var touched in _touched)
            touched.Written();
    }

    private void Touch(Instance target)
    {
        if (!_touched.Contains(target))
            _touched.Add(target);
    }
}
