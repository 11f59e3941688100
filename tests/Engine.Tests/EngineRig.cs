using Headgate.Engine;
using Headgate.Ports;
using Headgate.Storage;
using Headgate.Storage.Log;
using Headgate.Storage.Sqlite;
using Headgate.TestKit;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Engine.Tests;

/// <summary>An engine on a store of its own, with a clock that stands still.</summary>
internal sealed class EngineRig : IAsyncDisposable, IRandomSource
{
    private readonly TempFolder _folder = new();
    private readonly ILoggerFactory _loggers;
    private readonly DurableEngineOptions _options;
    private EmbeddedStore _store;
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
        (_store, Engine) = Open();
    }

    public ScriptedFunctions Functions { get; }

    /// <summary>Elapsed time, moved by hand; also the wall clock's time unless <see cref="Wall"/> is set.</summary>
    public ManualClock Clock => Wall.Ticking;

    public WallClock Wall { get; }

    public DurableEngine Engine { get; private set; }

    public DurableTaskClient Client => Engine.Client;

    public WriteLog Log => _store.Log;

    public static async Task<EngineRig> StartAsync(
        ScriptedFunctions? functions = null, ILoggerFactory? loggers = null, DurableEngineOptions? options = null)
    {
        var rig = new EngineRig(functions ?? new(), new(), loggers, options, from: null);
        await rig.Engine.StartAsync(CancellationToken.None);
        return rig;
    }

    /// <summary>Another process on a copy of what is on disk now, without what was appended but not written.</summary>
    public async Task<EngineRig> AfterCrashAsync(ScriptedFunctions? functions = null)
    {
        var next = new EngineRig(functions ?? Functions, Wall, _loggers, _options, _folder.Path);
        await next.Engine.StartAsync(CancellationToken.None);
        return next;
    }

    /// <summary>Stops orderly and starts again on the same file.</summary>
    public async Task RestartAsync()
    {
        await StopAsync(Patience.Limit);
        (_store, Engine) = Open();
        _stopped = false;
        await Engine.StartAsync(CancellationToken.None);
    }

    public Task FlushAsync() => Log.FlushedAsync().AsTask().WaitAsync(Patience.Limit);

    /// <summary>Changes the file behind the engine's back.</summary>
    public async Task ChangeFileAsync(string sql)
    {
        await Log.MergedAsync();
        DatabaseFile.Change(_folder.Path, sql);
    }

    public Task<string> StartMainAsync(object? input = null, string id = "main") =>
        Client.ScheduleNewOrchestrationInstanceAsync("Main", input, new Microsoft.DurableTask.StartOrchestrationOptions(id));

    public Task<OrchestrationMetadata> EndAsync(string id = "main") =>
        Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true).WaitAsync(Patience.Limit);

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

    /// <summary>Waits until an instance has this status.</summary>
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
            await UntilIdleAsync(id);
            Clock.Advance(step);
        }

        return await end;
    }

    /// <summary>Waits until only time or an event can wake the instance.</summary>
    public async Task UntilIdleAsync(string id = "main")
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

    private (EmbeddedStore Store, DurableEngine Engine) Open()
    {
        var store = EmbeddedStore.Open(_folder.Path, Wall, _ => { }, DiskSync.Off, clients: DurableEngine.LogClient);
        return (store, new(store.Database, store.Log, Functions, _options, Wall, this, _loggers));
    }

    private async Task StopAsync(TimeSpan atMost)
    {
        if (_stopped)
            return;
        _stopped = true;
        using var limit = new CancellationTokenSource(atMost);
        await Engine.StopAsync(limit.Token);
        Engine.Dispose();
        await _store.DisposeAsync();
    }
}
