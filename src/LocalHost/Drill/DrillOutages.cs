using System.Text.Json.Nodes;
using Headgate.Functions.Stores;

namespace Headgate.LocalHost.Drill;

/// <summary>
/// Brings about what the rules are there for: by calls that anybody can make, by an engine and tables that are away, and once by a number that is changed
/// in a row behind the service's back.
/// </summary>
internal sealed class DrillOutages(DrillGround service) : IDisposable
{
    private const string Tenant = "drill";
    private const string Small = "drill-small";

    /// <summary>More than the threshold of a flooded queue.</summary>
    private const int Runs = 520;

    /// <summary>As many as a share is judged by, and more than an agent may have in backoff.</summary>
    private const int Retries = 24;

    private static readonly TimeSpan s_slow = TimeSpan.FromSeconds(5.6);

    private readonly List<string> _runs = [];
    private readonly List<DrillAgent> _agents = [];
    private bool _isGoingOn;

    public async Task PrepareAsync()
    {
        await service.SendAsync("POST", "/tenants", new JsonObject { ["id"] = Tenant, ["name"] = "Drill", ["plan"] = "enterprise", ["limits"] = new JsonObject { ["maxConcurrentRuns"] = 2 * Runs } });
        await service.SendAsync("POST", "/tenants", new JsonObject { ["id"] = Small, ["name"] = "Small", ["plan"] = "free", ["limits"] = new JsonObject { ["maxConcurrentRuns"] = 1 } });
        await service.SendAsync("PUT", $"/tenants/{Tenant}/policies/late", new JsonObject { ["maxRetries"] = 3, ["baseSeconds"] = 3600, ["maxSeconds"] = 86400, ["jitter"] = 0.5, ["factor"] = 2 });
    }

    /// <summary>Answers that are slow and answers that are errors.</summary>
    public async Task DisturbAsync()
    {
        service.Tables.Delay = s_slow;
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => service.SendAsync("GET", $"/tenants/{Tenant}/runs")));
        service.Tables.Delay = TimeSpan.Zero;
        service.Tables.IsAway = true;
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => service.SendAsync("GET", $"/tenants/{Tenant}/runs")));
        service.Tables.IsAway = false;
    }

    /// <summary>Everything that begins at one moment.</summary>
    public async Task BeginAsync()
    {
        await service.SendAsync("POST", $"/tenants/{Tenant}/resources/main/hold", Reason());
        // The first of them is never heard of again.
        foreach (var name in new[] { "silent", "set-aside", "contended", "unlucky" })
            _agents.Add(await DrillAgent.RegisterAsync(service, name, Tenant));
        foreach (var agent in _agents)
            await agent.BeatAsync();
        await service.SendAsync("POST", $"/agents/{_agents[1].Id}/quarantine", Reason());
        await FailAsync();
        await SubmitAsync(Small, Run(1, "pile"));
        while (!await service.TamperAsync(Tenant, RowKeys.Ledger, "inFlight", 1))
            service.Skip(TimeSpan.Zero);
        service.Starts.Refuse();
        for (var i = 0; i < 3; i++)
            await SubmitAsync(Tenant, Run(1, "pile"));
        // A start is tried ten times.
        while ((int)(await service.CallAsync("GET", "/queues"))["runs"]!["deadLettered"]! == 0)
            service.Skip(TimeSpan.Zero);

        service.Starts.Hang();
        for (var i = 0; i < Runs; i++)
            await SubmitAsync(Tenant, Run(1, "pile"));
        _isGoingOn = true;
    }

    /// <summary>What goes on minute by minute.</summary>
    public async Task GoOnAsync()
    {
        foreach (var agent in _agents.Skip(1))
            await agent.BeatAsync();
        if (!_isGoingOn)
            return;
        await _agents[2].BeatAsync("drill-2");
        // A window of five minutes, of which one has just begun, has to have more than fifty.
        for (var i = 0; i < 15; i++)
            await service.SendAsync("POST", $"/tenants/{Small}/runs", Run(1, "pile"));
    }

    /// <summary>Ends everything that is not over already.</summary>
    public async Task EndAsync()
    {
        _isGoingOn = false;
        foreach (var run in _runs)
            await service.SendAsync("POST", run + "/cancel");
        await service.SendAsync("POST", $"/tenants/{Tenant}/resources/main/release", new JsonObject());
        await service.SendAsync("POST", $"/agents/{_agents[1].Id}/release", new JsonObject());
        await service.SendAsync("DELETE", $"/agents/{_agents[0].Id}");
    }

    public void Dispose() => _agents.ForEach(agent => agent.Dispose());

    private async Task FailAsync()
    {
        await SubmitAsync(Tenant, Run(Retries, DrillAgent.Type));
        await SubmitAsync(Tenant, Run(1, DrillAgent.Type));
        var unlucky = _agents[3];
        var tasks = await unlucky.ClaimAsync(Retries + 1);
        foreach (var run in tasks.GroupBy(task => (string)task["runId"]!, StringComparer.Ordinal))
        {
            foreach (var task in run)
                await unlucky.FailAsync(task, run.Count() > 1 ? "network" : "auth");
        }
    }

    private async Task SubmitAsync(string tenant, JsonObject run) =>
        _runs.Add($"/tenants/{tenant}/runs/{(string)(await service.CallAsync("POST", $"/tenants/{tenant}/runs", run))["runId"]!}");

    private static JsonObject Run(int tasks, string type) => new()
    {
        ["name"] = "drill",
        ["tasks"] = new JsonArray([.. Enumerable.Range(0, tasks).Select(i => new JsonObject { ["name"] = $"t{i}", ["type"] = type, ["policy"] = tasks > 1 ? "late" : "default" })]),
    };

    private static JsonObject Reason() => new() { ["reason"] = "drill" };
}
