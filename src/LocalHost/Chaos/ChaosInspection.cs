using System.Text.Json.Nodes;

namespace Headgate.LocalHost.Chaos;

/// <summary>What is looked at before and after.</summary>
internal sealed class ChaosInspection(ChaosVictim service, Promises promises)
{
    private const int MostRuns = 1000;

    private readonly Dictionary<(string Tenant, string RunId), string> _ended = [];

    /// <summary>How runs ended that the copied folder holds already, up to a thousand.</summary>
    public async Task RememberAsync(CancellationToken cancellationToken)
    {
        foreach (var tenant in await PagesAsync("/tenants?limit=100", cancellationToken))
        {
            var id = (string)tenant["id"]!;
            foreach (var run in await PagesAsync($"/tenants/{id}/runs?limit=100", cancellationToken))
            {
                if (ChaosWork.IsOver(run) && _ended.Count < MostRuns)
                    _ended[(id, (string)run["runId"]!)] = (string)run["status"]!;
            }
        }
    }

    public async Task LookAsync(ChaosWork work, bool isSettled, CancellationToken cancellationToken)
    {
        foreach (var ((tenant, runId), status) in _ended)
        {
            var (code, run) = await service.CallAsync("GET", $"/tenants/{tenant}/runs/{runId}");
            promises.Earlier.Check(code == 200 && (string)run!["status"]! == status, () => $"run {runId} of {tenant} was {status} and is {run?["status"]} ({code})");
        }

        foreach (var (key, (tenant, runId)) in work.Accepted)
        {
            var (code, run) = await service.CallAsync("GET", $"/tenants/{tenant}/runs/{runId}");
            promises.Kept.Check(code == 200, () => $"run {runId} of {key} is answered {code}");
            if (code != 200)
                continue;
            promises.Ended.Check(ChaosWork.IsOver(run!), () => $"run {runId} is {run!["status"]}");
            LookAtAttempts(run!);
        }

        var asked = work.Accepted.Values.ToHashSet();
        foreach (var tenant in work.Tenants)
        {
            foreach (var run in await PagesAsync($"/tenants/{tenant}/runs?limit=100", cancellationToken))
                promises.Asked.Check(asked.Contains((tenant, (string)run["runId"]!)), () => $"run {run["runId"]} of {tenant}");
            var standing = await service.InsistAsync("GET", $"/tenants/{tenant}", null, cancellationToken);
            promises.Slots.Check(!isSettled || (int)standing["inFlight"]! == 0, () => $"{tenant} has {standing["inFlight"]} in flight, and no run is alive");
        }
    }

    private void LookAtAttempts(JsonNode run)
    {
        foreach (var task in run["tasks"]!.AsArray())
        {
            var attempts = task!["attempts"]!.AsArray().Select(attempt => ((int)attempt!["attempt"]!, (string?)attempt["outcome"])).ToList();
            var successes = attempts.Count(attempt => attempt.Item2 == "success");
            promises.Attempts.Check(
                successes <= 1 && attempts.Select(attempt => attempt.Item1).Distinct().Count() == attempts.Count,
                () => $"task {task["taskId"]} has the attempts {string.Join(", ", attempts)}");
        }
    }

    private async Task<List<JsonNode>> PagesAsync(string path, CancellationToken cancellationToken)
    {
        var all = new List<JsonNode>();
        string? next = null;
        do
        {
            var page = await service.InsistAsync("GET", next is null ? path : $"{path}&after={next}", null, cancellationToken);
            all.AddRange(page["items"]?.AsArray().Select(item => item!) ?? []);
            next = (string?)page["next"];
        }
        while (next is not null && all.Count < MostRuns);
        return all;
    }
}
