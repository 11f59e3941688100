using Headgate.ServiceBusPeer;
using Headgate.TestKit.Azurite;
using Headgate.Worker.Tests.Host;

namespace Headgate.Worker.Tests.Support;

/// <summary>The built app under the Functions host with all it stands on: a table server and a Service Bus namespace.</summary>
internal sealed class Deployment : IAsyncDisposable
{
    /// <summary>As the infrastructure names it.</summary>
    public const string Queue = "runs";

    private Deployment(AzuriteServer tables, BusPeer bus, FunctionsHost host) => (Tables, Bus, Host) = (tables, bus, host);

    public AzuriteServer Tables { get; }

    public BusPeer Bus { get; }

    public FunctionsHost Host { get; }

    /// <param name="settings">Besides the usual ones.</param>
    public static async Task<Deployment> StartAsync(params (string Name, string Value)[] settings)
    {
        var tables = await AccountTables.StartAsync();
        var bus = await BusPeer.StartAsync(TimeProvider.System);
        try
        {
            _ = bus.Queues[Queue];
            var all = WorkerSettings.Of(tables, bus.ConnectionString);
            foreach (var (name, value) in settings)
                all[name] = value;
            return new Deployment(tables, bus, await FunctionsHost.StartAsync(all, bus.Queues));
        }
        catch
        {
            await bus.DisposeAsync();
            await tables.DisposeAsync();
            throw;
        }
    }

    /// <summary>Both processes are killed before anything is waited for: at the end of the tests' own process there is no time to wait.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(Host.DisposeAsync().AsTask(), Tables.DisposeAsync().AsTask(), Bus.DisposeAsync().AsTask());
}
