using Headgate.LocalHost;
using Headgate.LocalHost.Options;
using Headgate.Storage.Sqlite;
using Headgate.TestKit.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.TestKit;

/// <summary>The whole service in this process, on a folder of its own and a free port, that goes away with its test.</summary>
public sealed class LocalService : IAsyncDisposable
{
    /// <summary>Of leases on the system's clock: a machine that is only slow must not lose one.</summary>
    public const int LeaseSeconds = 3600;

    private readonly TempFolder _folder;

    private LocalService(TempFolder folder, LocalServer server)
    {
        (_folder, Server) = (folder, server);
        Client = NewClient(server.OperatorKey.Text);
    }

    public LocalServer Server { get; }

    /// <summary>Speaks as the operator.</summary>
    public HttpClient Client { get; }

    /// <param name="time">The service's clock; null: the system's, with leases of <see cref="LeaseSeconds"/>.</param>
    /// <param name="settings">App settings such as <c>Headgate:Leases:Seconds</c>.</param>
    /// <param name="configure">Replaces services of the app.</param>
    /// <param name="sync">Off unless the test is about the disk.</param>
    public static async Task<LocalService> StartAsync(
        TimeProvider? time = null,
        IReadOnlyDictionary<string, string?>? settings = null,
        Action<IServiceCollection>? configure = null,
        DiskSync sync = DiskSync.Off)
    {
        var folder = new TempFolder();
        var options = new LocalHostOptions { DataFolder = folder.Path, Port = 0, Sync = sync };
        try
        {
            return new LocalService(
                folder, await LocalServer.StartAsync(options with { Settings = time is null ? Patient(settings) : settings ?? options.Settings }, time, configure));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <param name="key">Null: a caller without credentials.</param>
    public HttpClient NewClient(string? key) => HttpCalls.NewClient(Server.Address, key);

    private static Dictionary<string, string?> Patient(IReadOnlyDictionary<string, string?>? settings)
    {
        var all = new Dictionary<string, string?>(settings ?? new Dictionary<string, string?>(StringComparer.Ordinal), StringComparer.Ordinal);
        all.TryAdd("Headgate:Leases:Seconds", $"{LeaseSeconds}");
        return all;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
