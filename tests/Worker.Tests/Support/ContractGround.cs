using Headgate.Worker.Tests.Host;

namespace Headgate.Worker.Tests.Support;

/// <summary>
/// The built app as the Functions host runs it, over a table server. One for all classes of this process, because a start costs seconds
/// and each test makes tenants and agents of its own; it ends with the process.
/// </summary>
public sealed class ContractGround : IAsyncLifetime
{
    private static readonly Lazy<Task<FunctionsHost>> s_host = new(StartAsync);

    internal FunctionsHost Host { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Host = await s_host.Value;
        Client = Host.NewClient(WorkerSettings.OperatorKey);
    }

    public Task DisposeAsync()
    {
        Client.Dispose();
        return Task.CompletedTask;
    }

    private static async Task<FunctionsHost> StartAsync()
    {
        var tables = await AccountTables.StartAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => tables.DisposeAsync().AsTask().Wait();
        var host = await FunctionsHost.StartAsync(WorkerSettings.Of(tables));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => host.DisposeAsync().AsTask().Wait();
        return host;
    }
}
