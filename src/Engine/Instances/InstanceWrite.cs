using Headgate.Engine.Instances.Records;
using Headgate.Storage.Log;

namespace Headgate.Engine.Instances;

/// <summary>One atomic change of one instance and of those it starts or sends to. Its records are created once, since <see cref="Write"/> is called twice.</summary>
internal sealed class InstanceWrite(Instance instance) : IWriteOperation
{
    private List<(Instance Target, EventQueued Event)>? _inboxes;
    private List<(Instance Target, InstanceRow Row, bool Replaces)>? _started;
    private List<EventTaken>? _taken;
    private InboxCleared? _inboxCleared;
    private HistoryCleared? _historyCleared;
    private TurnAdded? _turn;

    private IInstanceRecord? _state;

    /// <summary>Creates the instance, or replaces it: then the old history and inbox are deleted.</summary>
    public InstanceWrite Start(InstanceRow row, bool replaces)
    {
        _state = row;
        return replaces ? ForgetHistory().ClearInbox() : this;
    }

    /// <summary>Updates the instance's row; if not <paramref name="full"/>, only what <see cref="InstanceProgress"/> holds.</summary>
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

    /// <summary>Deletes one event from the inbox.</summary>
    public InstanceWrite Take(long number)
    {
        (_taken ??= []).Add(new(instance.Id, number));
        return this;
    }

    public InstanceWrite Send(Instance target, InboxItem item)
    {
        (_inboxes ??= []).Add((target, new(target.Id, item)));
        return this;
    }

    /// <summary>Creates or replaces another instance. Call it before <paramref name="target"/> changes in memory.</summary>
    public InstanceWrite StartOther(Instance target, InstanceRow row)
    {
        (_started ??= []).Add((target, row, target.Row is not null));
        return this;
    }

    public InstanceWrite Delete()
    {
        _state = new InstanceDeleted(instance.Id);
        return ForgetHistory().ClearInbox();
    }

    /// <summary>Sets <see cref="Instance.LastRecord"/> of all instances involved. Call it right after appending.</summary>
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
