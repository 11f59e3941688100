using Headgate.Engine.Instances.Records;
using Headgate.Storage.Log;
using Microsoft.DurableTask.Client;

namespace Headgate.Engine.Instances;

/// <summary>A small update of an <see cref="InstanceRow"/>: only status, time and due time changed.</summary>
internal sealed class InstanceProgress(string id, OrchestrationRuntimeStatus status, DateTimeOffset updated, long? due) : IInstanceRecord
{
    /// <summary>The updated row; null if read from the journal.</summary>
    private InstanceRow? Row { get; init; }

    public string Id => id;

    public OrchestrationRuntimeStatus Status => status;

    public DateTimeOffset Updated => updated;

    public long? Due => due;

    byte ILogRecord.Kind => InstanceLogClient.Progressed;

    public static InstanceProgress Of(InstanceRow row) => new(row.Id, row.Status, row.Updated, row.Due) { Row = row };

    /// <param name="row">The row before the update.</param>
    public InstanceRow On(InstanceRow row) => Row ?? row with { Status = Status, Updated = Updated, Due = Due };

    void ILogRecord.Encode(ByteWriter fields) => fields.Text(Id).Byte((byte)Status).Number(Updated.UtcTicks).Number((Due ?? -1) + 1);

    void IInstanceRecord.ApplyTo(PendingInstance pending) => pending.Progress(this);
}
