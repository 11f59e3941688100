using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Headgate.Azure.Tables;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Shared;
using Headgate.LocalHost;
using Headgate.LocalHost.Options;
using Headgate.TestKit;
using Headgate.TestKit.Azurite;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Azure.Tests.Sharing;

/// <summary>The service in this process with its tables on a table server and no background work.</summary>
internal sealed class Rig : IAsyncDisposable
{
    private const string Never = "0 0 0 1 1 *";
    private readonly AzuriteServer _tables;
    private readonly TempFolder _folder;
    private readonly LocalServer _server;
    private readonly ReadySignal _ready;
    private HttpClient? _developer;
    private HttpClient? _agent;

    private Rig(AzuriteServer tables, TempFolder folder, LocalServer server) =>
        (_tables, _folder, _server, _ready) = (tables, folder, server, server.Services.GetRequiredService<ReadySignal>());

    public TableRoundTrips Trips => Get<TableRoundTrips>();

    /// <param name="configure">Replaces services.</param>
    /// <param name="clock">Null for the system's.</param>
    public static async Task<Rig> StartAsync(Action<IServiceCollection>? configure = null, TimeProvider? clock = null)
    {
        var tables = await AzuriteServer.StartAsync();
        var folder = new TempFolder();
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["LeaseSweep"] = Never, ["Maintenance"] = Never };
        var options = new LocalHostOptions { DataFolder = folder.Path, Port = 0, Tables = tables.ConnectionString, Settings = settings };
        var server = await LocalServer.StartAsync(options, clock, services =>
        {
            services.AddSingleton<TableReadyTasks>().AddSingleton<ReadySignal>().AddSingleton<IReadyTasks>(provider => provider.GetRequiredService<ReadySignal>());
            configure?.Invoke(services);
        });
        var rig = new Rig(tables, folder, server);
        await rig.PopulateAsync();
        return rig;
    }

    public async Task<string> SubmitAsync()
    {
        var answer = await _developer!.PostAsJsonAsync("/tenants/acme/runs", new { name = "n", tasks = new[] { new { name = "a", type = "noop" } } });
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return (string)(await JsonAsync(answer))["runId"]!;
    }

    /// <summary>Carries one run of one task from its submission to the end of its orchestration.</summary>
    /// <param name="agentWaits">True: the agent claims before the run is submitted, and waits. False: it claims once the task is ready.</param>
    public async Task RunAsync(bool agentWaits)
    {
        var waiting = agentWaits ? ClaimAsync() : null;
        var runId = await SubmitAsync();
        await _ready.UntilAddedAsync();
        await ReportAsync(await (waiting ?? ClaimAsync()));
        await Get<DurableTaskClient>().WaitForInstanceCompletionAsync(runId);
    }

    public T Get<T>()
        where T : notnull => _server.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        _developer?.Dispose();
        _agent?.Dispose();
        await _server.DisposeAsync();
        await _tables.DisposeAsync();
        _folder.Dispose();
    }

    private async Task PopulateAsync()
    {
        using var operators = Client(_server.OperatorKey.Text, "");
        await operators.PostAsJsonAsync("/tenants", new { id = "acme", name = "Acme", plan = "pro" });
        var key = await JsonAsync(await operators.PostAsJsonAsync("/tenants/acme/keys", new { name = "dev", role = "developer" }));
        var agent = await JsonAsync(await operators.PostAsJsonAsync(
            "/agents", new { tenantId = "acme", name = "a", os = "linux", arch = "x64", version = "1", capabilities = new[] { "noop" } }));
        _developer = Client((string)key["key"]!, "");
        _agent = Client((string)agent["key"]!, $"/agents/{agent["agentId"]}/");
    }

    private async Task<string> ClaimAsync()
    {
        var claim = await _agent!.PostAsJsonAsync("tasks/claim", new { max = 1, waitSeconds = 20 });
        return (string)(await JsonAsync(claim))["tasks"]![0]!["taskId"]!;
    }

    private async Task ReportAsync(string taskId)
    {
        var answer = await _agent!.PostAsJsonAsync("task-results", new { taskId, attempt = 1, status = "success", durationSeconds = 0.1 });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private HttpClient Client(string key, string path)
    {
        var client = new HttpClient { BaseAddress = new Uri(_server.Address + path) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
}
