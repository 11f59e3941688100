using Headgate.Engine.Instances.Records;
using Headgate.Storage.Log;

namespace Headgate.Engine.Instances;

/// <summary>One atomic change of one instance and of those it speaks to. Its records are made as it is put together, since it is written twice.</summary>
internal sealed class InstanceWrite(Instance instance) : IWriteOperation
{
    private List<(Instance Target, EventQueued Event)>? _inboxes;
    private List<(Instance Target, InstanceRow Row, bool Replaces)>? _started;
    private List<EventTaken>? _taken;
    private InboxCleared? _inboxCleared;
    private HistoryCleared? _historyCleared;
    private TurnAdded? _turn;

    /// <summary>Where the instance stands, or that it is gone.</summary>
    private IInstanceRecord? _state;

    /// <summary>Makes or replaces the instance: an earlier one's history and inbox go.</summary>
    public InstanceWrite Start(InstanceRow row, bool replaces)
    {
        _state = row;
        return replaces ? ForgetHistory().ClearInbox() : this;
    }

    /// <summary>Notes where the instance stands. Input, output and the like are written only when <paramref name="full"/>.</summary>
    public InstanceWrite Progress(InstanceRow row, bool full)
    {
        _state = full ? row : InstanceProgress.Of(row);
        return this;
    }

    public InstanceWrite Turn(int number, byte[] events)
    {
        _turn = new(instance.Id, number, events);
        return this;
    }

    public InstanceWrite ForgetHistory()
    {
        _historyCleared = new(instance.Id);
        return this;
    }

    public InstanceWrite ClearInbox()
    {
        _inboxCleared = new(instance.Id);
        return this;
    }

    /// <summary>Takes one event out of the inbox.</summary>
    public InstanceWrite Take(long number)
    {
        (_taken ??= []).Add(new(instance.Id, number));
        return this;
    }

    /// <summary>Puts an event into the inbox of an instance.</summary>
    public InstanceWrite Send(Instance target, InboxItem item)
    {
        (_inboxes ??= []).Add((target, new(target.Id, item)));
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
        _state = new InstanceDeleted(instance.Id);
        return ForgetHistory().ClearInbox();
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
        if (_inboxCleared is not null)
            records.Add(_inboxCleared);
        if (_taken is not null)
        {
            foreach (var taken in _taken)
                records.Add(taken);
        }

        if (_historyCleared is not null)
            records.Add(_historyCleared);
        if (_turn is not null)
            records.Add(_turn);
        if (_state is not null)
            records.Add(_state);
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
                    records.Add(new InboxCleared(row.Id));
                    records.Add(new HistoryCleared(row.Id));
                }

                records.Add(row);
            }
        }

        if (_inboxes is not null)
        {
            foreach (var (_, queued) in _inboxes)
                records.Add(queued);
        }
    }
}
