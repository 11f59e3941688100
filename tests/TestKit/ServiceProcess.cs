using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Headgate.LocalHost;

namespace Headgate.TestKit;

/// <summary>The built service as a process of its own, to be killed and started again on the same data folder.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private const string Ready = "listening on ";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
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
    /// <exception cref="InvalidOperationException">It ended before it was ready; carries its standard error.</exception>
    public static async Task<ServiceProcess> StartAsync(
        string dataFolder, int port = 0, IReadOnlyDictionary<string, string>? environment = null)
    {
        var service = new ServiceProcess(dataFolder, new Process { StartInfo = StartInfo(dataFolder, port, environment) });
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
        await process.WaitForExitAsync().WaitAsync(s_patience);
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
        await _process.WaitForExitAsync().WaitAsync(s_patience);
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
        using var limit = new CancellationTokenSource(s_patience);
        var ended = _process.WaitForExitAsync(limit.Token);
        await Task.WhenAny(address.Task, ended);
        if (!address.Task.IsCompleted)
            throw new InvalidOperationException($"The service did not become ready:\n{Errors}");
        Address = await address.Task;
    }
}
