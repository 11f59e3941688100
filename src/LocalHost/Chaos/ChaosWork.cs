using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Headgate.LocalHost.Chaos;

/// <summary>Tenants that submit, and what became of each submission.</summary>
internal sealed class ChaosWork(ChaosVictim service, ChaosDice dice, Promises promises)
{
    private const int Cap = 5;
    private const int Agents = 3;

    private readonly ConcurrentDictionary<string, JsonObject> _bodies = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, JsonObject> _unanswered = new(StringComparer.Ordinal);

    /// <summary>What may have been accepted, by a call whose answer never came.</summary>
    private readonly ConcurrentDictionary<string, bool> _doubtful = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, bool> _onTheWay = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Tenant, string RunId)> _accepted = new(StringComparer.Ordinal);
    private readonly List<ChaosAgent> _agents = [];
    private readonly string[] _tenants = [$"chaos-{dice.Between(10_000, 99_999)}", $"chaos-{dice.Between(10_000, 99_999)}"];
    private int _submissions;

    public IReadOnlyList<string> Tenants => _tenants;

    /// <summary>By idempotency key.</summary>
    public IReadOnlyDictionary<string, (string Tenant, string RunId)> Accepted => _accepted;

    public int Refused { get; private set; }

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        foreach (var tenant in _tenants)
        {
            await service.InsistAsync("POST", "/tenants", new JsonObject { ["id"] = tenant, ["name"] = tenant, ["plan"] = "enterprise", ["limits"] = new JsonObject { ["maxConcurrentRuns"] = Cap } }, cancellationToken);
            await service.InsistAsync("PUT", $"/tenants/{tenant}/policies/chaos", new JsonObject { ["maxRetries"] = 20, ["baseSeconds"] = 0.05, ["maxSeconds"] = 1, ["jitter"] = 0.5, ["factor"] = 2 }, cancellationToken);
            for (var i = 0; i < Agents; i++)
            {
                var body = new JsonObject { ["tenantId"] = tenant, ["name"] = $"agent-{i}", ["os"] = "linux", ["arch"] = "x64", ["version"] = "1", ["capabilities"] = new JsonArray(ChaosAgent.Type) };
                var agent = await service.InsistAsync("POST", "/agents", body, cancellationToken);
                _agents.Add(new ChaosAgent(service, dice, (string)agent["agentId"]!, (string)agent["key"]!, $"{tenant}-{i}"));
            }
        }
    }

    /// <summary>Everybody does something, again and again, until it is over.</summary>
    public Task GoOnAsync(CancellationToken over) => Task.WhenAll([
        .. _agents.Select(agent => RepeatAsync(agent.StepAsync, over)),
        .. _tenants.Select(tenant => RepeatAsync(() => SubmitAsync(tenant), over)),
        .. _tenants.Select(tenant => RepeatAsync(() => WatchAsync(tenant), over)),
    ]);

    /// <summary>Asks for an answer to every submission, and works until every run has ended.</summary>
    /// <returns>False where the time was up before.</returns>
    public async Task<bool> SettleAsync(CancellationToken timeIsUp)
    {
        _agents.ForEach(agent => agent.IsCalm = true);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(timeIsUp);
        var agents = Task.WhenAll(_agents.Select(agent => RepeatAsync(agent.StepAsync, done.Token)));
        var ended = new HashSet<string>(StringComparer.Ordinal);
        while ((ended.Count < _accepted.Count || !_unanswered.IsEmpty) && !timeIsUp.IsCancellationRequested)
        {
            foreach (var key in _unanswered.Keys)
                await SendAsync(key);
            foreach (var (key, (tenant, runId)) in _accepted.Where(each => !ended.Contains(each.Key)))
            {
                if (await service.CallAsync("GET", $"/tenants/{tenant}/runs/{runId}") is (200, { } run) && IsOver(run))
                    ended.Add(key);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, CancellationToken.None);
        }

        await done.CancelAsync();
        await agents;
        return ended.Count == _accepted.Count;
    }

    public static bool IsOver(JsonNode run) => (string)run["status"]! is "completed" or "failed" or "cancelled";

    private static async Task RepeatAsync(Func<Task> step, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await step();
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task SubmitAsync(string tenant)
    {
        if (!_accepted.IsEmpty && dice.OneIn(10) && _accepted.Keys.ElementAtOrDefault(dice.Between(0, _accepted.Count - 1)) is { } known)
        {
            await SendAgainAsync(known);
            return;
        }

        if (!_unanswered.IsEmpty && dice.OneIn(2) && _unanswered.Keys.FirstOrDefault() is { } again)
        {
            await SendAsync(again);
            return;
        }

        var key = $"{tenant}/{Interlocked.Increment(ref _submissions)}";
        var tasks = dice.Between(1, 4);
        _unanswered[key] = new JsonObject
        {
            ["name"] = "chaos",
            ["tasks"] = new JsonArray([.. Enumerable.Range(0, tasks).Select(i => (JsonNode)new JsonObject
            {
                ["name"] = $"t{i}",
                ["type"] = ChaosAgent.Type,
                ["policy"] = "chaos",
                ["needs"] = i > 0 && dice.OneIn(2) ? new JsonArray($"t{i - 1}") : new JsonArray(),
            })]),
        };
        await SendAsync(key);
    }

    private async Task SendAgainAsync(string key)
    {
        if (!_bodies.TryGetValue(key, out var body) || !_accepted.TryGetValue(key, out var known))
            return;
        if (await service.CallAsync("POST", $"/tenants/{known.Tenant}/runs", body.DeepClone(), idempotencyKey: key) is (202, { } answer))
            promises.Once.Check((string)answer["runId"]! == known.RunId, () => $"{key} made {known.RunId} and {(string)answer["runId"]!}");
    }

    private async Task SendAsync(string key)
    {
        if (!_unanswered.TryGetValue(key, out var body) || !_onTheWay.TryAdd(key, true))
            return;
        var tenant = key.Split('/')[0];
        var (status, answer) = await service.CallAsync("POST", $"/tenants/{tenant}/runs", body.DeepClone(), idempotencyKey: key);
        Take(key, tenant, body, status, answer);
        _onTheWay.TryRemove(key, out _);
    }

    private void Take(string key, string tenant, JsonObject body, int status, JsonNode? answer)
    {
        if (status == 202)
        {
            var runId = (string)answer!["runId"]!;
            promises.Cap.Check((int)answer["inFlight"]! <= Cap, () => $"{tenant} had {answer["inFlight"]} in flight of {Cap}");
            _bodies[key] = body;
            var first = _accepted.GetOrAdd(key, (tenant, runId));
            promises.Once.Check(first.RunId == runId, () => $"{key} made {first.RunId} and {runId}");
            _unanswered.TryRemove(key, out _);
        }
        else if (status is not 429)
            _doubtful[key] = true;
        else if (!_doubtful.ContainsKey(key))
        {
            Refused++;
            _unanswered.TryRemove(key, out _);
        }
    }

    private async Task WatchAsync(string tenant)
    {
        if (await service.CallAsync("GET", $"/tenants/{tenant}") is (200, { } seen))
            promises.Cap.Check((int)seen["inFlight"]! <= Cap, () => $"{tenant} had {seen["inFlight"]} in flight of {Cap}");
    }
}
