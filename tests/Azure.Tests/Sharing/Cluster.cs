using System.Buffers.Text;
using System.Security.Cryptography;
using Headgate.TestKit;
using Headgate.TestKit.Azurite;
using Headgate.TestKit.Wire;

namespace Headgate.Azure.Tests.Sharing;

/// <summary>Several service processes on one table server, each with its own folder.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly string _key = $"hg_test_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}";
    private readonly List<TempFolder> _folders = [];
    private readonly AzuriteServer _tables;

    private Cluster(AzuriteServer tables) => _tables = tables;

    public List<ServiceProcess> Processes { get; } = [];

    /// <summary>Clients with the operator's key, one for each process.</summary>
    public List<HttpClient> Clients { get; } = [];

    public static async Task<Cluster> StartAsync(int processes)
    {
        var cluster = new Cluster(await AzuriteServer.StartAsync());
        try
        {
            for (var i = 0; i < processes; i++)
                await cluster.AddAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public HttpClient NewClient(int process, string key) => HttpCalls.NewClient(Processes[process].Address, key);

    public async ValueTask DisposeAsync()
    {
        foreach (var client in Clients)
            client.Dispose();
        foreach (var process in Processes)
            await process.DisposeAsync();
        await _tables.DisposeAsync();
        foreach (var folder in _folders)
            folder.Dispose();
    }

    private async Task AddAsync()
    {
        var folder = new TempFolder();
        _folders.Add(folder);
        Processes.Add(await ServiceProcess.StartAsync(folder.Path, 0, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HEADGATE_ADMIN_KEY"] = _key,
            ["HEADGATE_TABLES"] = _tables.ConnectionString,
            // A machine that is only slow must not lose one.
            ["Headgate__Leases__Seconds"] = "3600",
            ["Headgate__Repair__PatienceSeconds"] = "2",
            ["Maintenance"] = "*/2 * * * * *",
        }));
        Clients.Add(NewClient(Processes.Count - 1, _key));
    }
}
