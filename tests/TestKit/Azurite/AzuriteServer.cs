using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Headgate.TestKit.NodePackages;

namespace Headgate.TestKit.Azurite;

/// <summary>A table server of its own on a free port, with its data in a folder that goes away with it.</summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private const int Attempts = 5;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly TempFolder _folder;
    private readonly Process _process;

    private AzuriteServer(TempFolder folder, Process process, int port) => (_folder, _process, Port) = (folder, process, port);

    public int Port { get; }

    public string ConnectionString => ConnectionStringWith(Key);

    public string ConnectionStringWith(string key) =>
        $"AccountName={Account};AccountKey={key};TableEndpoint=http://127.0.0.1:{Port}/{Account}";

    /// <exception cref="InvalidOperationException">Node is absent, the packages can't be had or the server does not start.</exception>
    public static async Task<AzuriteServer> StartAsync()
    {
        var script = await NodeInstallation.EnsureAsync("Azurite", "azurite/dist/src/table/main.js");
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await LaunchAsync(script, FreePort());
            }
            catch (InvalidOperationException) when (attempt < Attempts)
            {
                // Another process may take a free port before the server does.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private static async Task<AzuriteServer> LaunchAsync(string script, int port)
    {
        var folder = new TempFolder();
        string[] arguments = [script, "--tablePort", $"{port}", "--location", folder.Path, "--silent", "--disableTelemetry"];
        var start = new ProcessStartInfo(Node.Program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        var server = new AzuriteServer(folder, new Process { StartInfo = start }, port);
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

    private async Task ListenAsync()
    {
        var output = new StringBuilder();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(s_patience);
        await Task.WhenAny(ready.Task, _process.WaitForExitAsync(limit.Token));
        lock (output)
        {
            if (!ready.Task.IsCompleted)
                throw new InvalidOperationException($"The table server did not become ready:\n{output}");
        }

        void Note(string? line)
        {
            lock (output)
                output.AppendLine(line);
            if (line?.Contains("successfully started", StringComparison.Ordinal) == true)
                ready.TrySetResult();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
