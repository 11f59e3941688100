using Headgate.LocalHost;
using Headgate.TestKit.Wire;

namespace Headgate.TestKit;

/// <summary>The built service as a process of its own, to be killed and started again on the same data folder.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private const string Ready = "listening on ";
    private readonly ChildProcess _process;

    private ServiceProcess(string folder, ChildProcess process) => (DataFolder, _process) = (folder, process);

    public string DataFolder { get; }

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string Address { get; private set; } = "";

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it wrote to standard error so far.</summary>
    public string Errors => string.Join('\n', _process.Errors);

    /// <param name="dataFolder">Kept when the process ends.</param>
    /// <param name="port">0: a free one.</param>
    /// <param name="environment">Settings such as <c>Headgate__Leases__Seconds</c>.</param>
    /// <param name="largestFile">No file of its grows beyond this, in KiB, as if the disk were full: the system refuses. Unix only.</param>
    /// <exception cref="InvalidOperationException">It ended before it was ready; carries what it printed.</exception>
    public static async Task<ServiceProcess> StartAsync(
        string dataFolder, int port = 0, IReadOnlyDictionary<string, string>? environment = null, int? largestFile = null)
    {
        var process = largestFile is { } limit ? LaunchLimited(dataFolder, port, limit) : Launch(dataFolder, port, environment);
        var service = new ServiceProcess(dataFolder, process);
        try
        {
            service.Address = (await process.SaysAsync(Ready))[Ready.Length..];
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
    public static async Task<(int ExitCode, string Errors)> RefusedAsync(string dataFolder)
    {
        await using var service = new ServiceProcess(dataFolder, Launch(dataFolder, 0, null));
        return (await service.EndedAsync(), service.Errors);
    }

    /// <summary>Starts a process and kills it after a while, ready or not.</summary>
    public static async Task KillWhileStartingAsync(
        string dataFolder, int port, IReadOnlyDictionary<string, string>? environment, TimeSpan after)
    {
        await using var process = Launch(dataFolder, port, environment);
        using var pause = new PeriodicTimer(after);
        await pause.WaitForNextTickAsync();
    }

    /// <summary>SIGTERM: it finishes what it has begun and brings everything into its file.</summary>
    /// <exception cref="InvalidOperationException">It ended in another way.</exception>
    public async Task StopAsync()
    {
        await _process.SignalAsync("TERM");
        if (await EndedAsync() is not 0 and var exitCode)
            throw new InvalidOperationException($"The service ended with {exitCode}:\n{Errors}");
    }

    /// <summary>Waits until it has ended by itself.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> EndedAsync() => _process.EndedAsync();

    /// <summary>Speaks as the operator.</summary>
    public HttpClient NewClient() => HttpCalls.NewClient(Address, File.ReadAllText(Path.Combine(DataFolder, "operator.key")).Trim());

    /// <inheritdoc cref="ChildProcess.KillAsync"/>
    public Task KillAsync() => _process.KillAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string[] Command(string dataFolder, int port) => [typeof(LocalServer).Assembly.Location, "--data", dataFolder, "--port", $"{port}"];

    private static ChildProcess Launch(string dataFolder, int port, IReadOnlyDictionary<string, string>? environment) =>
        ChildProcess.Start("dotnet", Command(dataFolder, port), environment);

    // The signal for a file too large would end the process; without it the write fails. The runtime's own large mappings are files too.
    private static ChildProcess LaunchLimited(string dataFolder, int port, int kibibytes) => ChildProcess.Start(
        "bash",
        ["-c", $"trap '' XFSZ; ulimit -f {kibibytes}; exec \"$0\" \"$@\"", "dotnet", .. Command(dataFolder, port)],
        [KeyValuePair.Create("DOTNET_EnableWriteXorExecute", "0")]);
}
