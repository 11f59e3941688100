using Headgate.Engine;
using Headgate.Ports;
using Headgate.Storage.Log;
using Headgate.Storage.Sqlite;
using Headgate.TestKit;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Engine.Tests;

/// <summary>An engine on a database of its own and a clock that stands still.</summary>
internal sealed class EngineRig : IAsyncDisposable, IRandomSource
{
    private static readonly LogClients s_clients = new(DurableEngine.LogClient);

    private readonly TempFolder _folder = new();
    private readonly ILoggerFactory _loggers;
    private readonly DurableEngineOptions _options;
    private Database _database;
    private WriteLog _log;
    private bool _stopped;
    private int _random;

    private EngineRig(ScriptedFunctions functions, WallClock wall, ILoggerFactory? loggers, DurableEngineOptions? options, string? from)
    {
        Functions = functions;
        Wall = wall;
        _loggers = loggers ?? NullLoggerFactory.Instance;
        _options = options ?? new();
        foreach (var file in from is null ? [] : Directory.GetFiles(from, "headgate.db*"))
            File.Copy(file, _folder[Path.GetFileName(file)]);
        _database = Database.Open(_folder.Path, DiskSync.Off, s_clients.Recover);
        _log = new(_database, s_clients, wall, _ => { });
        Engine = new(_database, _log, functions, _options, wall, this, _loggers);
    }

    public ScriptedFunctions Functions { get; }

    /// <summary>What is moved by hand, and shows the time as long as nobody sets <see cref="Wall"/>.</summary>
    public ManualClock Clock => Wall.Ticking;

    /// <summary>The clock that can be set.</summary>
    public WallClock Wall { get; }

    public DurableEngine Engine { get; private set; }

    public DurableTaskClient Client => Engine.Client;

    public WriteLog Log => _log;

    public static async Task<EngineRig> StartAsync(
        ScriptedFunctions? functions = null, ILoggerFactory? loggers = null, DurableEngineOptions? options = null)
    {
        var rig = new EngineRig(functions ?? new(), new(), loggers, options, from: null);
        await rig.Engine.StartAsync(CancellationToken.None);
        return rig;
    }

    /// <summary>Another process on what is on disk at this moment; what was appended and not written is lost to it.</summary>
    public async Task<EngineRig> AfterCrashAsync(ScriptedFunctions? functions = null)
    {
        var next = new EngineRig(functions ?? Functions, Wall, _loggers, _options, _folder.Path);
        await next.Engine.StartAsync(CancellationToken.None);
        return next;
    }

    /// <summary>Stops in order and starts again on the same file.</summary>
    public async Task RestartAsync()
    {
        await StopAsync(Patience.Limit);
        _database = Database.Open(_folder.Path, DiskSync.Off, s_clients.Recover);
        _log = new(_database, s_clients, Wall, _ => { });
        Engine = new(_database, _log, Functions, _options, Wall, this, _loggers);
        _stopped = false;
        await Engine.StartAsync(CancellationToken.None);
    }

    public Task FlushAsync() => _log.FlushedAsync().AsTask().WaitAsync(Patience.Limit);

    /// <summary>Does to the file behind the engine's back what a test says.</summary>
    public async Task ChangeFileAsync(string sql)
    {
        await _log.MergedAsync();
        DatabaseFile.Change(_folder.Path, sql);
    }

    /// <summary>Starts the orchestrator a test is about.</summary>
    public Task<string> StartMainAsync(object? input = null, string id = "main") =>
        Client.ScheduleNewOrchestrationInstanceAsync("Main", input, new Microsoft.DurableTask.StartOrchestrationOptions(id));

    public Task<OrchestrationMetadata> EndAsync(string id = "main") =>
        Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true).WaitAsync(Patience.Limit);

    /// <summary>Starts the orchestrator a test is about and waits for its end.</summary>
    public async Task<OrchestrationMetadata> RunMainAsync(object? input = null, string id = "main")
    {
        await StartMainAsync(input, id);
        return await EndAsync(id);
    }

    /// <summary>Waits until the orchestrator has set this custom status.</summary>
    public async Task ReachAsync(string status, string id = "main")
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (await Client.GetInstanceAsync(id, getInputsAndOutputs: true, limit.Token) is not { } row || row.ReadCustomStatusAs<string>() != status)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Waits until an instance stands in a status.</summary>
    public async Task ReachAsync(OrchestrationRuntimeStatus status, string id = "main")
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (await Client.GetInstanceAsync(id, limit.Token) is not { } row || row.RuntimeStatus != status)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Moves the clock step by step until the orchestration has ended.</summary>
    public async Task<OrchestrationMetadata> AdvanceUntilEndAsync(TimeSpan step, string id = "main")
    {
        var end = EndAsync(id);
        while (!end.IsCompleted)
        {
            await SettleAsync(id);
            Clock.Advance(step);
        }

        return await end;
    }

    /// <summary>Waits until the instance has nothing to do but to wait for time or events.</summary>
    public async Task SettleAsync(string id = "main")
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (Engine.IsBusy(id))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public double NextDouble() => 0.5;

    public void Fill(Span<byte> bytes)
    {
        bytes.Clear();
        BitConverter.TryWriteBytes(bytes, Interlocked.Increment(ref _random));
    }

    public async ValueTask DisposeAsync()
    {
        // Nobody looks at what still runs.
        await StopAsync(TimeSpan.FromSeconds(1));
        _folder.Dispose();
    }

    private async Task StopAsync(TimeSpan atMost)
    {
        if (_stopped)
            return;
        _stopped = true;
        using var limit = new CancellationTokenSource(atMost);
        await Engine.StopAsync(limit.Token);
        Engine.Dispose();
        await _log.DisposeAsync();
        _database.Dispose();
    }
}
