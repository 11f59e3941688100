using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Headgate.Functions.Admission;
using Headgate.Functions.Dispatch;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Runs;
using Headgate.LocalHost;
using Headgate.LocalHost.Options;
using Headgate.Ports;
using Headgate.TestKit;
using Headgate.TestKit.Azurite;
using Headgate.TestKit.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Azure.Tests.Sharing;

/// <summary>Two services on one table server. Their clock stands still, so that they forget nothing.</summary>
internal sealed class Pair : IAsyncDisposable
{
    public const string Tenant = "acme";
    private const string Never = "0 0 0 1 1 *";
    private readonly AzuriteServer _tables;
    private readonly List<TempFolder> _folders = [];

    private Pair(AzuriteServer tables) => _tables = tables;

    public ManualClock Clock { get; } = new();

    public Side One { get; private set; } = null!;

    public Side Other { get; private set; } = null!;

    public static async Task<Pair> StartAsync()
    {
        var pair = new Pair(await AzuriteServer.StartAsync());
        pair.One = await pair.NewSideAsync();
        pair.Other = await pair.NewSideAsync();
        await pair.One.PostAsync("/tenants", new { id = Tenant, name = "Acme", plan = "pro" });
        return pair;
    }

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Other.DisposeAsync();
        await _tables.DisposeAsync();
        foreach (var folder in _folders)
            folder.Dispose();
    }

    private async Task<Side> NewSideAsync()
    {
        var folder = new TempFolder();
        _folders.Add(folder);
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["LeaseSweep"] = Never, ["Maintenance"] = Never, ["ScheduleSweep"] = Never };
        var options = new LocalHostOptions { DataFolder = folder.Path, Port = 0, Tables = _tables.ConnectionString, Settings = settings };
        // A test decides when and on which service a run goes on.
        var server = await LocalServer.StartAsync(options, Clock, services => services
            .AddSingleton<IQueueSender, DeafQueue>()
            .AddSingleton(new ConflictPause(TimeProvider.System, new SystemRandom(), retries: 8)));
        return new Side(server);
    }

    internal sealed class DeafQueue : IQueueSender
    {
        public ValueTask SendAsync(OutgoingMessage message, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}

internal sealed class Side : IAsyncDisposable
{
    private readonly LocalServer _server;
    private readonly HttpClient _operators;

    public Side(LocalServer server) => (_server, _operators) = (server, HttpCalls.NewClient(server.Address, server.OperatorKey.Text));

    public T Get<T>()
        where T : notnull => _server.Services.GetRequiredService<T>();

    public async Task<JsonNode> PostAsync(string path, object? body = null) => (await _operators.CallAsync("POST", path, JsonSerializer.Serialize(body ?? new { }))).Done;

    public async Task<JsonNode> GetAsync(string path) => (await _operators.CallAsync("GET", path)).Done;

    public async Task PutAsync(string path, object body) => _ = (await _operators.CallAsync("PUT", path, JsonSerializer.Serialize(body))).Done;

    public async Task PatchAsync(string path, object body) => _ = (await _operators.CallAsync("PATCH", path, JsonSerializer.Serialize(body))).Done;

    public async Task DeleteAsync(string path) => Assert.Equal(HttpStatusCode.NoContent, (await _operators.CallAsync("DELETE", path)).Status);

    /// <returns>The id of an agent that takes tasks of type <c>work</c> and has a load row.</returns>
    public async Task<string> NewAgentAsync(string name)
    {
        var agent = await PostAsync("/agents", new { tenantId = Pair.Tenant, name, os = "linux", arch = "x64", version = "1", capabilities = new[] { "work" } });
        var agentId = (string)agent["agentId"]!;
        using var client = HttpCalls.NewClient(_server.Address, (string)agent["key"]!);
        _ = (await new Agent(agentId, client).BeatAsync()).Done;
        return agentId;
    }

    /// <returns>The id of a run with tasks of these names, each needing the one before.</returns>
    public async Task<string> SubmitAsync(params string[] tasks)
    {
        var body = new { name = "n", tasks = tasks.Select((name, i) => new { name, type = "work", needs = tasks.Take(i) }) };
        return (string)(await PostAsync($"/tenants/{Pair.Tenant}/runs", body))["runId"]!;
    }

    public async Task<RunWake> AdvanceAsync(string runId) => await Get<RunProgress>().AdvanceAsync(Pair.Tenant, runId, traceParent: null, CancellationToken.None);

    /// <returns>The id of a run with one ready task named <c>a</c>.</returns>
    public async Task<string> StartAsync()
    {
        var runId = await SubmitAsync("a");
        await AdvanceAsync(runId);
        return runId;
    }

    /// <returns>The id of a run whose tasks are all ready, and all name the resource.</returns>
    public async Task<string> StartAsync(string resource, int tasks)
    {
        var body = new { name = "n", tasks = Enumerable.Range(0, tasks).Select(i => new { name = $"t{i}", type = "work", resources = new[] { resource } }) };
        var runId = (string)(await PostAsync($"/tenants/{Pair.Tenant}/runs", body))["runId"]!;
        await AdvanceAsync(runId);
        return runId;
    }

    /// <returns>Null if there is no such agent.</returns>
    public async Task<List<TaskRecord>?> ClaimAsync(string agentId) => (await Get<Claims>().ClaimAsync(agentId, null, 1, TimeSpan.Zero, CancellationToken.None) as ClaimOutcome.Given)?.Tasks;

    public async Task<ReportResult> ReportAsync(AttemptReport report) => (await Get<AttemptSettler>().SettleAsync([report], CancellationToken.None))[0];

    public async Task<RunRecord> RunAsync(string runId) => (await Get<RunReader>().RunAsync(Pair.Tenant, runId))!;

    public async Task<int> HeldAsync(string agentId) => (await Get<AgentReader>().ReadAsync(agentId))!.Held.Count();

    public Task<int> InFlightAsync() => _operators.InFlightAsync(Pair.Tenant);

    public async ValueTask DisposeAsync()
    {
        _operators.Dispose();
        await _server.DisposeAsync();
    }
}
