using System.Diagnostics;
using System.Text;
using Headgate.TestKit.NodePackages;

namespace Headgate.TestKit.Azurite;

/// <summary>A table server of its own on a free port, with its data in a folder that goes away with it.</summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private static readonly string s_endWithTests = Path.Combine(AppContext.BaseDirectory, "Azurite", "end-with-tests.js");
    private readonly ReservedPort _port = ReservedPort.Take();
    private readonly TempFolder _folder = new();
    private readonly string _script;
    private Process? _process;
    private TaskCompletionSource _closed = null!;

    private AzuriteServer(string script) => _script = script;

    public int Port => _port.Number;

    public string ConnectionString => ConnectionStringWith(Key);

    public string ConnectionStringWith(string key) =>
        $"AccountName={Account};AccountKey={key};TableEndpoint=http://127.0.0.1:{Port}/{Account}";

    /// <exception cref="InvalidOperationException">Node is absent, the packages can't be had or the server does not start.</exception>
    public static async Task<AzuriteServer> StartAsync()
    {
        var script = await NodeInstallation.EnsureAsync("Azurite", "azurite/dist/src/table/main.js");
        var server = new AzuriteServer(script);
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
        using (var interrupt = Process.Start("kill", ["-INT", $"{_process!.Id}"]))
            await interrupt.WaitForExitAsync();
        await _closed.Task.WaitAsync(Patience.Limit);
        await EndAsync();
    }

    /// <summary>Also again, with its tables, after <see cref="LeaveAsync"/>.</summary>
    /// <exception cref="InvalidOperationException">The server does not start.</exception>
    public async Task ListenAsync()
    {
        string[] arguments = ["--require", s_endWithTests, _script, "--tablePort", $"{Port}", "--location", _folder.Path, "--silent", "--disableTelemetry"];
        var start = new ProcessStartInfo(Node.Program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var output = new StringBuilder();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var closed = _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(Patience.Limit);
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
            else if (line?.Contains("successfully closed", StringComparison.Ordinal) == true)
                closed.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _folder.Dispose();
        _port.Dispose();
    }

    private async Task EndAsync()
    {
        if (_process is not { } process)
            return;
        _process = null;
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
