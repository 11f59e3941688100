using Headgate.LocalHost.Journal;
using Headgate.LocalHost.Sqlite.Writing;

namespace Headgate.LocalHost.Durable.Instances;

/// <summary>One atomic change of one instance and of those it speaks to.</summary>
internal sealed class InstanceWrite(Instance instance) : IWriteOperation
{
    private List<(Instance Target, InboxItem Item)>? _inboxes;
    private List<(Instance Target, InstanceRow Row, bool Replaces)>? _started;
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
        (_inboxes ??= []).Add((target, item));
        return this;
    }

    /// <summary>Starts another instance in the same step; an earlier one of its id goes. To be noted before memory follows.</summary>
    public InstanceWrite StartOther(Instance target, InstanceRow row)
    {
        (_started ??= []).Add((target, row, target.Row is not null));
        return this;
    }

    /// <summary>The instance is deleted with all it has.</summary>
    public InstanceWrite Delete()
    {
        (_deletes, _forgetsHistory, _clearsInbox) = (true, true, true);
        return this;
    }

    /// <summary>Notes where in the log the write is, at everyone it touches. Call it right after appending.</summary>
    public void Appended(long position)
    {
        instance.LastRecord = position;
        if (_inboxes is not null)
        {
            foreach (var (target, _) in _inboxes)
                target.LastRecord = position;
        }

        if (_started is not null)
        {
            foreach (var (target, _, _) in _started)
                target.LastRecord = position;
        }
    }

    public void Write(IRecordSink records)
    {
        if (_clearsInbox)
            records.InboxCleared(instance.Id);
        if (_taken is not null)
        {
            foreach (var number in _taken)
                records.EventTaken(instance.Id, number);
        }

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
        WriteOthers(records);
    }

    private void WriteOthers(IRecordSink records)
    {
        if (_started is not null)
        {
            foreach (var (_, row, replaces) in _started)
            {
                if (replaces)
                {
                    records.InboxCleared(row.Id);
                    records.HistoryCleared(row.Id);
                }

                records.Instance(row);
            }
        }

        if (_inboxes is not null)
        {
            foreach (var (target, item) in _inboxes)
                records.EventQueued(target.Id, item);
        }
    }
}
