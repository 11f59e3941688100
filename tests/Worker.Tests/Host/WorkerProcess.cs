using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using Headgate.TestKit;

namespace Headgate.Worker.Tests.Host;

/// <summary>The built app as the process that the Functions host starts.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private WorkerProcess(Process process) => _process = process;

    /// <summary>The app's program as this build made it.</summary>
    public static string Program { get; } = typeof(WorkerProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "Worker").Value!;

    public static string Folder { get; } = Path.GetDirectoryName(Program)!;

    /// <summary>What it wrote to standard output so far, in lines.</summary>
    public string[] Output => [.. _output];

    /// <summary>Likewise to standard error.</summary>
    public string[] Errors => [.. _errors];

    /// <param name="hostUri">Where the host listens for workers.</param>
    /// <param name="workerId">Which one it is to call itself.</param>
    /// <param name="settings">The app's settings.</param>
    public static WorkerProcess Start(Uri hostUri, string workerId, IReadOnlyDictionary<string, string> settings)
    {
        var request = Guid.NewGuid().ToString();
        const string Longest = "2147483647";
        var start = new ProcessStartInfo("dotnet",
        [
            Program,
            "--host", hostUri.Host, "--port", $"{hostUri.Port}", "--workerId", workerId, "--requestId", request, "--grpcMaxMessageLength", Longest,
            "--functions-uri", hostUri.ToString(), "--functions-worker-id", workerId, "--functions-request-id", request, "--functions-grpc-max-message-length", Longest,
        ])
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = Folder;
        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        foreach (var (name, value) in settings)
            start.Environment[name] = value;

        var worker = new WorkerProcess(new Process { StartInfo = start });
        worker._process.OutputDataReceived += (_, line) => Note(worker._output, line.Data);
        worker._process.ErrorDataReceived += (_, line) => Note(worker._errors, line.Data);
        worker._process.Start();
        worker._process.BeginOutputReadLine();
        worker._process.BeginErrorReadLine();
        return worker;
    }

    /// <summary>SIGKILL: no handler runs.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await EndedAsync();
    }

    /// <summary>SIGTERM.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <returns>Its exit code.</returns>
    public async Task<int> EndedAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience.Limit);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private static void Note(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
            lines.Enqueue(line);
    }
}
