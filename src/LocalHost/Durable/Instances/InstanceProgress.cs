using Microsoft.DurableTask.Client;

namespace Headgate.LocalHost.Durable.Instances;

/// <summary>Where an instance stands, of an <see cref="InstanceRow"/> that is otherwise as it was.</summary>
internal readonly record struct InstanceProgress(string Id, OrchestrationRuntimeStatus Status, DateTimeOffset Updated, long? Due)
{
    public static InstanceProgress Of(InstanceRow row) => new(row.Id, row.Status, row.Updated, row.Due);

    public InstanceRow On(InstanceRow row) => row with { Status = Status, Updated = Updated, Due = Due };
}
