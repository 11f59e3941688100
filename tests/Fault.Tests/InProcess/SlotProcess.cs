using Headgate.Core.Admission;
using Headgate.Core.Metering;
using Headgate.Functions;
using Headgate.Functions.Admission;
using Headgate.Functions.Options;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores.Runs;
using Headgate.Ports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Headgate.Fault.Tests.InProcess;

/// <summary>One of the processes that admit, hold, queue and end runs: the app's own composition on tables that others share.</summary>
internal sealed class SlotProcess : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly SlotProcessTables _tables;
    private readonly string _tenantId;
    private readonly TenantGate _gate;
    private readonly RunAdmission _admission;
    private readonly RunReader _runs;

    public SlotProcess(string tenantId, SlotTables tables, TimeProvider clock, Chance chance)
    {
        _tenantId = tenantId;
        _tables = new SlotProcessTables(tables, chance);
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<ITableStore>(_tables)
            .AddSingleton<IQueueSender, Nothing>()
            .AddSingleton<IQueueMetrics, Nothing>()
            .AddSingleton<IRandomSource>(new SystemRandom())
            .AddSingleton(clock)
            .AddSingleton<IHostApplicationLifetime, Nothing>()
            .AddSingleton(Arrangement.SharedAll)
            .AddHeadgate(new ConfigurationBuilder().Build())
            .BuildServiceProvider();
        _gate = _services.GetRequiredService<TenantGate>();
        _admission = _services.GetRequiredService<RunAdmission>();
        _runs = _services.GetRequiredService<RunReader>();
    }

    public void Kill() => _tables.Kill();

    /// <param name="priority">The run's.</param>
    /// <param name="wait">Seconds for which it may be held; null: not at all.</param>
    /// <param name="key">An idempotency key; null: none.</param>
    /// <param name="leaving">Cancelled when the caller leaves.</param>
    public async Task<AdmissionResult?> SubmitAsync(string priority, int? wait, string? key, CancellationToken leaving)
    {
        var task = new TaskDefinition("one", "work", [], null, new Dictionary<string, string>(StringComparer.Ordinal), 60, "default", null, null, null);
        var application = new RunApplication(
            _tenantId,
            new RunDefinition("run", priority, null, [task]),
            RunOrigin.Api,
            null,
            (_, _) => [],
            key is null ? null : (IdempotencyRow.Key("runs", key), "hash"),
            wait is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        return (await _admission.ApplyAsync(application, leaving)).Value;
    }

    /// <summary>Ends the run, if it has a slot.</summary>
    public async Task EndAsync(string runId)
    {
        if (await _runs.RunAsync(_tenantId, runId) is { Status: Core.Runs.RunStatus.Pending } run)
            await _gate.SubmitAsync(_tenantId, new FinishRun(run, Core.Runs.RunStatus.Failed, null, UsageCounts.None, []));
    }

    /// <summary>Takes the run out of the queue, if it is in it.</summary>
    public async Task CancelAsync(string runId)
    {
        if (await _runs.RunAsync(_tenantId, runId) is { Status: Core.Runs.RunStatus.Queued } run)
            await _gate.SubmitAsync(_tenantId, new CancelWaiting(run, "somebody"));
    }

    public Task ChangeAsync(Func<Ledger, Ledger> change) =>
        _gate.ChangeAsync(_tenantId, (tenant, _) => new TenantEdit<bool>(true, change(tenant.Ledger)));

    public Task SweepAsync() => _gate.StartWaitingAsync(_tenantId);

    public void Dispose() => _services.Dispose();

    private sealed class Nothing : IQueueSender, IQueueMetrics, IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public ValueTask SendAsync(OutgoingMessage message, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public ValueTask<QueueDepth> GetAsync(string queue, CancellationToken cancellationToken = default) => ValueTask.FromResult(new QueueDepth(0, 0, 0, TimeSpan.Zero));

        public void StopApplication()
        {
        }
    }
}
