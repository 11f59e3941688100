using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Headgate.LocalHost;

namespace Headgate.TestKit;

/// <summary>The built service as a process of its own, to be killed and started again on the same data folder.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private const string Ready = "listening on ";
    private readonly StringBuilder _errors = new();
    private readonly Process _process;

    private ServiceProcess(string folder, Process process) => (DataFolder, _process) = (folder, process);

    public string DataFolder { get; }

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string Address { get; private set; } = "";

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it wrote to standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    /// <param name="dataFolder">Kept when the process ends.</param>
    /// <param name="port">0: a free one.</param>
    /// <param name="environment">Settings such as <c>Headgate__Leases__Seconds</c>.</param>
    /// <param name="largestFile">No file of its grows beyond this, in KiB, as if the disk were full: the system refuses. Unix only.</param>
    /// <exception cref="InvalidOperationException">It ended before it was ready; carries its standard error.</exception>
    public static async Task<ServiceProcess> StartAsync(
        string dataFolder, int port = 0, IReadOnlyDictionary<string, string>? environment = null, int? largestFile = null)
    {
        var start = StartInfo(dataFolder, port, environment);
        var service = new ServiceProcess(dataFolder, new Process { StartInfo = largestFile is { } limit ? Limited(start, limit) : start });
        try
        {
            await service.LaunchAsync();
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a process that can't become ready.</summary>
    /// <returns>What it ended with and wrote to standard error.</returns>
    public static async Task<(int ExitCode, string Errors)> RefusedAsync(string dataFolder, int port = 0)
    {
        await using var service = new ServiceProcess(dataFolder, new Process { StartInfo = StartInfo(dataFolder, port, null) });
        try
        {
            await service.LaunchAsync();
        }
        catch (InvalidOperationException)
        {
            return (await service.EndedAsync(), service.Errors);
        }

        throw new InvalidOperationException("The service became ready.");
    }

    /// <summary>SIGTERM: it finishes what it has begun and brings everything into its file.</summary>
    /// <exception cref="InvalidOperationException">It ended in another way.</exception>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{Id}"]);
        if (await EndedAsync() is not 0 and var exitCode)
            throw new InvalidOperationException($"The service ended with {exitCode}:\n{Errors}");
    }

    /// <summary>Waits until it has ended by itself.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="InvalidOperationException">It goes on; carries its standard error.</exception>
    public async Task<int> EndedAsync()
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new InvalidOperationException($"The service did not end:\n{Errors}", late);
        }

        return _process.ExitCode;
    }

    /// <summary>Starts a process and kills it after a while, ready or not.</summary>
    public static async Task KillWhileStartingAsync(
        string dataFolder, int port, IReadOnlyDictionary<string, string>? environment, TimeSpan after)
    {
        using var process = Process.Start(StartInfo(dataFolder, port, environment))!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var pause = new PeriodicTimer(after);
        await pause.WaitForNextTickAsync();
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(Patience.Limit);
    }

    /// <summary>Speaks as the operator.</summary>
    public HttpClient NewClient()
    {
        var client = new HttpClient { BaseAddress = new Uri(Address) };
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", File.ReadAllText(Path.Combine(DataFolder, "operator.key")).Trim());
        return client;
    }

    /// <summary>SIGKILL: no handler runs, nothing is written any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience.Limit);
    }

    /// <summary>Starts again on the same folder and port.</summary>
    public async Task<ServiceProcess> RestartAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        if (!_process.HasExited)
            await KillAsync();
        return await StartAsync(DataFolder, new Uri(Address).Port, environment);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(string dataFolder, int port, IReadOnlyDictionary<string, string>? environment)
    {
        var assembly = typeof(LocalServer).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [assembly, "--data", dataFolder, "--port", $"{port}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;
        return start;
    }

    // The signal for a file too large would end the process; without it the write fails. The runtime's own large mappings are files too.
    private static ProcessStartInfo Limited(ProcessStartInfo start, int kibibytes)
    {
        var limited = new ProcessStartInfo(
            "bash", ["-c", $"trap '' XFSZ; ulimit -f {kibibytes}; exec \"$0\" \"$@\"", start.FileName, .. start.ArgumentList])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in start.Environment)
            limited.Environment[name] = value;
        limited.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return limited;
    }

    private async Task LaunchAsync()
    {
        var address = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text && text.StartsWith(Ready, StringComparison.Ordinal))
                address.TrySetResult(text[Ready.Length..]);
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
                _errors.AppendLine(line.Data);
        };
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(Patience.Limit);
        var ended = _process.WaitForExitAsync(limit.Token);
        await Task.WhenAny(address.Task, ended);
        if (!address.Task.IsCompleted)
            throw new InvalidOperationException($"The service did not become ready:\n{Errors}");
        Address = await address.Task;
    }
}
