using Headgate.Engine.History;
using Headgate.Storage.Log;

namespace Headgate.Engine.Instances.Records;

internal sealed class InstanceDeleted(string id) : IInstanceRecord
{
    public byte Kind => InstanceLogClient.Deleted;

    public string Id => id;

    public void Encode(ByteWriter fields) => fields.Text(id);

    public void ApplyTo(PendingInstance pending) => pending.Delete();
}

internal sealed class TurnAdded(string id, int number, byte[] events) : IInstanceRecord
{
    public byte Kind => InstanceLogClient.TurnAdded;

    public string Id => id;

    public int Number => number;

    public byte[] Events => events;

    public void Encode(ByteWriter fields) => fields.Text(id).Number(number).Blob(events);

    public void ApplyTo(PendingInstance pending) => pending.Add(this);
}

internal sealed class HistoryCleared(string id) : IInstanceRecord
{
    public byte Kind => InstanceLogClient.HistoryCleared;

    public string Id => id;

    public void Encode(ByteWriter fields) => fields.Text(id);

    public void ApplyTo(PendingInstance pending) => pending.ClearHistory();
}

internal sealed class EventQueued(string id, InboxItem item) : IInstanceRecord
{
    public byte Kind => InstanceLogClient.EventQueued;

    public string Id => id;

    public InboxItem Item => item;

    public void Encode(ByteWriter fields) => fields.Text(id).Number(item.Number).Number(item.Execution).Blob(HistoryCodec.Encode(item.Event));

    public void ApplyTo(PendingInstance pending) => pending.Queue(this);
}

internal sealed class EventTaken(string id, long number) : IInstanceRecord
{
    public byte Kind => InstanceLogClient.EventTaken;

    public string Id => id;

    public void Encode(ByteWriter fields) => fields.Text(id).Number(number);

    public void ApplyTo(PendingInstance pending) => pending.Take(number);
}

internal sealed class InboxCleared(string id) : IInstanceRecord
{
    public byte Kind => InstanceLogClient.InboxCleared;

    public string Id => id;

    public void Encode(ByteWriter fields) => fields.Text(id);

    public void ApplyTo(PendingInstance pending) => pending.ClearInbox();
}
