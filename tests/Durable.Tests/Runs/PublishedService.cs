using DurableTask.Core.History;
using Headgate.Conformance.Durable;
using Headgate.Durable.Tests.Engine;
using Headgate.Functions.Runs;
using Headgate.TestKit;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Durable.Tests.Runs;

/// <summary>The whole service on its embedded store, but with Microsoft's engine, one tenant and one agent.</summary>
internal sealed class PublishedService : IAsyncDisposable
{
    private readonly PublishedEngine _engine;
    private readonly LocalService _service;

    private PublishedService(PublishedEngine engine, LocalService service, BreakableTables tables, OneTenant tenant, ManualClock clock) =>
        (_engine, _service, Tables, Tenant, Clock) = (engine, service, tables, tenant, clock);

    public ManualClock Clock { get; }

    public BreakableTables Tables { get; }

    public OneTenant Tenant { get; }

    public static async Task<PublishedService> StartAsync()
    {
        var (clock, tables, script) = (PublishedEngine.NewClock(), new BreakableTables(), new DurableScript());
        IServiceProvider services = null!;
        script.Orchestrator(RunOrchestration.Name, async context =>
        {
            await RunOrchestration.RunAsync(context);
            return null;
        });
        script.Activity<RunReference>(AdvanceRun.Name, async (_, run) =>
            await ActivatorUtilities.CreateInstance<AdvanceRun>(services).RunAsync(run!, CancellationToken.None));
        var engine = await PublishedEngine.StartAsync(script, clock);
        var service = await LocalService.StartAsync(clock, configure: app =>
        {
            tables.Replace(app);
            app.AddSingleton(engine.Client);
        });
        services = service.Server.Services;
        return new(engine, service, tables, await OneTenant.CreateAsync(service, clock), clock);
    }

    /// <summary>Wakes the run's orchestration, as a change of the run does.</summary>
    public Task WakeAsync(string runId) => _engine.Client.RaiseEventAsync(runId, RunOrchestration.ChangedEvent);

    /// <inheritdoc cref="PublishedEngine.ReachAsync"/>
    public Task ReachAsync(string runId, int turns) => _engine.ReachAsync(runId, turns);

    /// <inheritdoc cref="PublishedEngine.WrittenOf"/>
    public IReadOnlyCollection<HistoryEvent> WrittenOf(string runId) => _engine.WrittenOf(runId);

    /// <summary>Waits for the end of the run's orchestration.</summary>
    public async Task<OrchestrationRuntimeStatus> EndAsync(string runId) =>
        (await _engine.Client.WaitForInstanceCompletionAsync(runId, CancellationToken.None).WaitAsync(Patience.Limit)).RuntimeStatus;

    public async ValueTask DisposeAsync()
    {
        Tenant.Dispose();
        await _service.DisposeAsync();
        await _engine.DisposeAsync();
    }
}
