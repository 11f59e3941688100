using Headgate.Azure.Tables;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Shared;
using Headgate.LocalHost;
using Headgate.LocalHost.Options;
using Headgate.TestKit;
using Headgate.TestKit.Azurite;
using Headgate.TestKit.Wire;
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
    private HttpClient _developer = null!;
    private Agent _agent = null!;

    private Rig(AzuriteServer tables, TempFolder folder, LocalServer server) =>
        (_tables, _folder, _server, _ready) = (tables, folder, server, server.Services.GetRequiredService<ReadySignal>());

    public TableRoundTrips Trips => Get<TableRoundTrips>();

    /// <param name="configure">Replaces services.</param>
    /// <param name="clock">Null for the system's.</param>
    public static async Task<Rig> StartAsync(Action<IServiceCollection>? configure = null, TimeProvider? clock = null)
    {
        var tables = await AzuriteServer.StartAsync();
        var folder = new TempFolder();
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["LeaseSweep"] = Never, ["Maintenance"] = Never, ["ScheduleSweep"] = Never };
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

    public async Task<string> SubmitAsync() => (string)(await _developer.SubmitAsync("acme")).Done["runId"]!;

    /// <summary>Carries one run of one task from its submission to the end of its orchestration.</summary>
    /// <param name="agentWaits">True: the agent claims before the run is submitted, and waits. False: it claims once the task is ready.</param>
    public async Task RunAsync(bool agentWaits)
    {
        var waiting = agentWaits ? _agent.ClaimOneAsync() : null;
        var runId = await SubmitAsync();
        await _ready.UntilAddedAsync();
        _ = (await _agent.ReportAsync(await (waiting ?? _agent.ClaimOneAsync()))).Done;
        await Get<DurableTaskClient>().WaitForInstanceCompletionAsync(runId);
    }

    public T Get<T>()
        where T : notnull => _server.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        _developer.Dispose();
        _agent.Client.Dispose();
        await _server.DisposeAsync();
        await _tables.DisposeAsync();
        _folder.Dispose();
    }

    private async Task PopulateAsync()
    {
        using var operators = Client(_server.OperatorKey.Text);
        await operators.CreateTenantAsync("acme");
        _developer = Client((string)(await operators.CallAsync("POST", "/tenants/acme/keys", """{"name":"dev","role":"developer"}""")).Done["key"]!);
        _agent = await Agent.RegisterAsync(operators, Client, "a", tenant: "acme");
    }

    private HttpClient Client(string key) => HttpCalls.NewClient(_server.Address, key);
}
