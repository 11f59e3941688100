using Microsoft.DurableTask.Client;

namespace Headgate.LocalHost.Durable.Instances;

/// <summary>Where an instance stands, of an <see cref="InstanceRow"/> that is otherwise as it was.</summary>
internal readonly record struct InstanceProgress(string Id, OrchestrationRuntimeStatus Status, DateTimeOffset Updated, long? Due)
{
    /// <summary>The row as it is now; null in what is read back from the journal.</summary>
    private InstanceRow? Row { get; init; }

    public static InstanceProgress Of(InstanceRow row) => new(row.Id, row.Status, row.Updated, row.Due) { Row = row };

    /// <param name="row">As it was.</param>
    public InstanceRow On(InstanceRow row) => Row ?? row with { Status = Status, Updated = Updated, Due = Due };
}
