using Headgate.Storage.Sqlite;
using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests.Support;

/// <summary>The service in this process, one tenant on Pro, and as many agents as a test wants.</summary>
internal sealed class Ground : IAsyncDisposable
{
    public const string Tenant = "acme";

    private Ground(LocalService service) => Service = service;

    public LocalService Service { get; }

    public HttpClient Client => Service.Client;

    public static async Task<Ground> StartAsync(
        TimeProvider? time = null,
        string plan = "pro",
        DiskSync sync = DiskSync.Off,
        IReadOnlyDictionary<string, string?>? settings = null)
    {
        var ground = new Ground(await LocalService.StartAsync(time, settings, sync: sync));
        await ground.Client.CreateTenantAsync(Tenant, plan);
        return ground;
    }

    public Task<Agent> AgentAsync(string name = "agent", int maxConcurrentTasks = 50, string? tenant = null) =>
        Agent.RegisterAsync(Client, Service.NewClient, name, maxConcurrentTasks, tenant);

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}
