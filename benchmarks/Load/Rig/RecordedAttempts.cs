using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Runs;
using Headgate.Load.Wire;

namespace Headgate.Load.Rig;

/// <summary>From when to when each attempt ran, by the service's record. What is listed of runs says nothing of that, so each is read by itself.</summary>
internal static class RecordedAttempts
{
    /// <param name="runs">Runs that have ended.</param>
    public static List<(DateTimeOffset From, DateTimeOffset To)> Of(ServiceUnderLoad service, IEnumerable<RunView> runs) =>
        [.. runs.SelectMany(run => Read(service, run).Tasks!).SelectMany(task => task.Attempts).Select(attempt => (attempt.StartedAt, attempt.FinishedAt!.Value))];

    private static RunView Read(ServiceUnderLoad service, RunView run) => JsonSerializer.Deserialize(
        service.Operator.Send(RequestBytes.Get($"/tenants/{run.TenantId}/runs/{run.RunId}", service.OperatorKey), 200), ContractJson.Default.RunView)!;
}
