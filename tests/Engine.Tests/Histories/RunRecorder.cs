using System.Collections.Concurrent;
using Headgate.Engine;
using Headgate.Engine.Instances;
using Headgate.Engine.Replay;
using Headgate.Functions.Runs;
using Headgate.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Engine.Tests.Histories;

/// <summary>The whole service with one tenant and one agent; records the turns of its durable engine.</summary>
internal sealed class RunRecorder : IAsyncDisposable
{
    private readonly LocalService _service;
    private readonly DurableEngine _engine;
    private readonly ConcurrentQueue<(InstanceRow Row, TurnOutcome Outcome)> _turns = new();

    private RunRecorder(ManualClock clock, BreakableTables tables, LocalService service)
    {
        (Clock, Tables, _service) = (clock, tables, service);
        _engine = service.Server.Services.GetRequiredService<DurableEngine>();
        _engine.TurnCommitted = (row, outcome) => _turns.Enqueue((row, outcome));
    }

    public ManualClock Clock { get; }

    public BreakableTables Tables { get; }

    public OneTenant Tenant { get; private set; } = null!;

    /// <summary>Turns of orchestrators so far.</summary>
    public int Turns => _turns.Count;

    public static async Task<RunRecorder> StartAsync()
    {
        var (clock, tables) = (new ManualClock(), new BreakableTables());
        var recorder = new RunRecorder(clock, tables, await LocalService.StartAsync(clock, configure: tables.Replace));
        recorder.Tenant = await OneTenant.CreateAsync(recorder._service, clock);
        return recorder;
    }

    /// <summary>Wakes the run's orchestration, as a change of the run does.</summary>
    public Task WakeAsync(string runId) => _engine.Client.RaiseEventAsync(runId, RunOrchestration.ChangedEvent);

    /// <summary>Waits until there were this many turns and the run's instance is idle.</summary>
    public async Task ReachAsync(string runId, int turns)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (Turns < turns || _engine.IsBusy(runId))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Waits for the end of the run.</summary>
    public async Task<RecordedRun> EndAsync(string runId)
    {
        await _engine.Client.WaitForInstanceCompletionAsync(runId, CancellationToken.None).WaitAsync(Patience.Limit);
        return RecordedRun.Of([.. _turns.Where(turn => turn.Row.Id == runId)]);
    }

    public async ValueTask DisposeAsync()
    {
        Tenant.Dispose();
        await _service.DisposeAsync();
    }
}
