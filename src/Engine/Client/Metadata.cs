using System.Collections.Immutable;
using Headgate.Engine.Instances;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Headgate.Engine.Client;

/// <summary>An instance as a client sees it.</summary>
internal static class Metadata
{
    /// <param name="row">The instance.</param>
    /// <param name="converter">Reads the payloads.</param>
    /// <param name="payloads">Whether input, output and custom status are included.</param>
    public static OrchestrationMetadata Of(InstanceRow row, DataConverter converter, bool payloads) => new(row.Name, row.Id)
    {
        RuntimeStatus = row.Status,
        CreatedAt = row.Created,
        LastUpdatedAt = row.Updated,
        FailureDetails = row.Failure,
        DataConverter = payloads ? converter : null,
        SerializedInput = payloads ? row.Input : null,
        SerializedOutput = payloads ? row.Output : null,
        SerializedCustomStatus = payloads ? row.CustomStatus : null,
        Tags = row.Tags ?? ImmutableDictionary<string, string>.Empty,
    };
}
