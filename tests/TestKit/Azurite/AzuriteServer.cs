using Headgate.TestKit.NodePackages;

namespace Headgate.TestKit.Azurite;

/// <summary>A table server of its own on a port of its own, with its data in a folder that goes away with it.</summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private static readonly string s_endWithTests = Path.Combine(AppContext.BaseDirectory, "Azurite", "end-with-tests.js");
    private readonly ReservedPort _port = ReservedPort.Take();
    private readonly TempFolder _folder = new();
    private readonly string _script;
    private ChildProcess? _process;

    private AzuriteServer(string script) => _script = script;

    public int Port => _port.Number;

    public string ConnectionString => ConnectionStringWith(Key);

    public string ConnectionStringWith(string key) =>
        $"AccountName={Account};AccountKey={key};TableEndpoint=http://127.0.0.1:{Port}/{Account}";

    /// <exception cref="InvalidOperationException">Node is absent, the packages can't be had or the server does not start.</exception>
    public static async Task<AzuriteServer> StartAsync()
    {
        var server = new AzuriteServer(await NodeInstallation.EnsureAsync("Azurite", "azurite/dist/src/table/main.js"));
        try
        {
            await server.ListenAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the server once all it was told is on disk; calls to its port are refused until <see cref="ListenAsync"/>.</summary>
    public async Task LeaveAsync()
    {
        await _process!.SignalAsync("INT");
        await _process.SaysAsync("successfully closed");
        await EndAsync();
    }

    /// <summary>Also again, with its tables, after <see cref="LeaveAsync"/>.</summary>
    /// <exception cref="InvalidOperationException">The server does not start.</exception>
    public async Task ListenAsync()
    {
        _process = ChildProcess.Start(
            Node.Program, ["--require", s_endWithTests, _script, "--tablePort", $"{Port}", "--location", _folder.Path, "--silent", "--disableTelemetry"]);
        await _process.SaysAsync("successfully started");
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _folder.Dispose();
        _port.Dispose();
    }

    private async Task EndAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _process = null;
    }
}
