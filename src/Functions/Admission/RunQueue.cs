using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Messages;
using Headgate.Ports;

namespace Headgate.Functions.Admission;

/// <summary>The queue of admitted runs that wait to be started.</summary>
public static class RunQueue
{
    public const string Name = "runs";

    /// <param name="sends">How often it was sent, this time included: part of the id, so that a repair is no duplicate.</param>
    public static OutgoingMessage Start(string tenantId, string runId, int sends, string? traceParent) => new(
        Name,
        $"{runId}:{sends}",
        JsonSerializer.SerializeToUtf8Bytes(new RunStart(tenantId, runId), ContractJson.Default.RunStart),
        traceParent);
}
