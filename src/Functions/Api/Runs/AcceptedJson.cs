using System.Text.Json;
using System.Text.Json.Serialization;
using Headgate.Contracts;
using Headgate.Contracts.Runs;
using Headgate.Core.Runs;
using Headgate.Functions.Stores.Runs;

namespace Headgate.Functions.Api.Runs;

/// <summary>
/// The body of a 202, written as <see cref="ContractJson"/> would write it. It has no times, and only without their converter does the
/// generated code write a whole object in one go.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(RunAccepted))]
internal sealed partial class AcceptedJson : JsonSerializerContext
{
    public static byte[] Write(RunRecord run, int inFlight, int limit, string requestId)
    {
        var runId = run.RunId;
        return JsonSerializer.SerializeToUtf8Bytes(
            new RunAccepted(runId, RunStatus.Pending.WireName(), inFlight, limit, RunViews.Links(run.TenantId, runId), requestId),
            Default.RunAccepted);
    }
}
