using System.Diagnostics.Metrics;
using System.Globalization;
using Headgate.Functions.Maintenance;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Resources;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tasks.Resources;
using Headgate.Functions.Telemetry;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;

namespace Headgate.Functions.Tests.Telemetry;

public sealed class GaugesTests : IDisposable
{
    private readonly Rig _rig = new();

    [Fact]
    public async Task Observe_AfterMeasuring_QueuesByQueueAndState()
    {
        _rig.Queue = new QueueDepth(7, 2, 1, TimeSpan.FromSeconds(90));
        await _rig.Runs.StartAsync();
        _rig.Runs.Clock.Advance(TimeSpan.FromSeconds(5));

        await _rig.Runs.Get<Measurements>().RunAsync(CancellationToken.None);

        Assert.Equal(
            [
                "headgate.queue.depth 1 queue=runs state=dead-lettered",
                "headgate.queue.depth 1 queue=tasks state=active",
                "headgate.queue.depth 2 queue=runs state=scheduled",
                "headgate.queue.depth 7 queue=runs state=active",
                "headgate.queue.oldest_age 5 queue=tasks",
                "headgate.queue.oldest_age 90 queue=runs",
            ],
            _rig.Observed("headgate.queue"));
    }

    [Fact]
    public async Task Observe_AfterMeasuring_AgentsByStateAndTheWorstOfThem()
    {
        var (one, two) = (_rig.Runs.NewAgent("one"), _rig.Runs.NewAgent("two"));
        _rig.Runs.NewAgent("never-seen");
        await _rig.Runs.BeatAsync(one);
        await _rig.Runs.BeatAsync(two);
        var now = _rig.Runs.Clock.GetUtcNow();
        _rig.InBackoff(one, "a", now.AddSeconds(30));
        _rig.InBackoff(one, "b", now.AddSeconds(4000));
        _rig.InBackoff(one, "past", now.AddSeconds(-1));
        _rig.InBackoff(two, "c", now.AddSeconds(600));

        await _rig.Runs.Get<Measurements>().RunAsync(CancellationToken.None);

        Assert.Equal(
            [
                "headgate.agent.backoff_tasks.max 2",
                "headgate.agent.earliest_retry.max 600",
                "headgate.agents 0 state=draining",
                "headgate.agents 0 state=late",
                "headgate.agents 0 state=quarantined",
                "headgate.agents 1 state=offline",
                "headgate.agents 2 state=online",
            ],
            _rig.Observed("headgate.agent"));
        Assert.Equal(["headgate.tasks.backoff 3"], _rig.Observed("headgate.tasks.backoff"));
    }

    [Fact]
    public async Task Measure_AgentsTookLong_AreLeftInPeaceTenThousandTimesAsLong()
    {
        _rig.Runs.NewAgent();
        var reads = 0;
        _rig.Runs.Tables.Queried = query =>
        {
            if (query.Table == Table.Agents)
            {
                reads++;
                _rig.Runs.Clock.Advance(TimeSpan.FromMilliseconds(4));
            }

            return Task.CompletedTask;
        };
        var measurements = _rig.Runs.Get<Measurements>();

        await measurements.RunAsync(CancellationToken.None);
        _rig.Runs.Clock.Advance(TimeSpan.FromSeconds(39));
        await measurements.RunAsync(CancellationToken.None);
        Assert.Equal(1, reads);
        _rig.Runs.Clock.Advance(TimeSpan.FromSeconds(1));
        await measurements.RunAsync(CancellationToken.None);

        Assert.Equal(2, reads);
    }

    [Fact]
    public async Task Observe_MeasuredLongAgo_NothingIsReported()
    {
        await _rig.Runs.Get<Measurements>().RunAsync(CancellationToken.None);

        _rig.Runs.Clock.Advance(Gauges.Fresh - TimeSpan.FromTicks(1));
        Assert.NotEmpty(_rig.Observed("headgate.queue"));
        _rig.Runs.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Empty(_rig.Observed("headgate."));
    }

    [Fact]
    public async Task Measure_QueueUnreachable_AgentsAreMeasuredAllTheSame()
    {
        _rig.Queue = null;

        await _rig.Runs.Get<Measurements>().RunAsync(CancellationToken.None);

        Assert.Empty(_rig.Observed("headgate.queue"));
        Assert.NotEmpty(_rig.Observed("headgate.agents"));
    }

    [Fact]
    public async Task Repair_AfterARound_RunsInFlightByPlan()
    {
        await _rig.Runs.SubmitAsync();
        await _rig.Runs.SubmitAsync();

        await _rig.Runs.Get<RunRepair>().RunAsync(null!, CancellationToken.None);

        Assert.Equal(
            ["headgate.runs.in_flight 0 plan=free", "headgate.runs.in_flight 0 plan=pro", "headgate.runs.in_flight 2 plan=enterprise"],
            _rig.Observed("headgate.runs.in_flight"));
    }

    [Fact]
    public async Task Repair_OrchestrationCannotBeAskedTwice_RunCountsAsStuckUntilItEnds()
    {
        var runId = await _rig.Runs.SubmitAsync();
        _rig.Runs.Clock.Advance(TimeSpan.FromMinutes(1));
        var repair = _rig.Runs.Get<RunRepair>();

        // Without a client no orchestration can be asked for.
        await repair.RunAsync(null!, CancellationToken.None);
        Assert.Equal(["headgate.orchestrations.stuck 0"], _rig.Observed("headgate.orchestrations.stuck"));
        await repair.RunAsync(null!, CancellationToken.None);
        Assert.Equal(["headgate.orchestrations.stuck 0"], _rig.Observed("headgate.orchestrations.stuck"));
        _rig.Runs.Clock.Advance(TimeSpan.FromSeconds(30));
        await repair.RunAsync(null!, CancellationToken.None);
        Assert.Equal(["headgate.orchestrations.stuck 1"], _rig.Observed("headgate.orchestrations.stuck"));

        await _rig.Runs.Tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, TableWrite.DeleteIfExists(RunRig.Tenant, RowKeys.Live(runId)))));
        await repair.RunAsync(null!, CancellationToken.None);
        Assert.Equal(["headgate.orchestrations.stuck 0"], _rig.Observed("headgate.orchestrations.stuck"));
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(12, 10)]
    public async Task Repair_RunsThatCannotBeAsked_DoNotKeepOthersFromHelpUntilTenInARow(int runs, int seen)
    {
        for (var i = 0; i < runs; i++)
            await _rig.Runs.SubmitAsync();
        _rig.Runs.Clock.Advance(TimeSpan.FromMinutes(1));

        await _rig.Runs.Get<RunRepair>().RunAsync(null!, CancellationToken.None);
        _rig.Runs.Clock.Advance(TimeSpan.FromSeconds(30));
        await _rig.Runs.Get<RunRepair>().RunAsync(null!, CancellationToken.None);

        Assert.Equal([$"headgate.orchestrations.stuck {seen}"], _rig.Observed("headgate.orchestrations.stuck"));
    }

    [Fact]
    public async Task Repair_LedgerCorrected_SlotsAreCounted()
    {
        var tenant = (await _rig.Runs.Get<TenantReader>().ReadAsync(RunRig.Tenant))!;
        _rig.Runs.Tables.Put(Table.Tenants, LedgerRow.Write(RunRig.Tenant, tenant.Ledger with { InFlight = 3 }, null));

        await _rig.Runs.Get<RunRepair>().RunAsync(null!, CancellationToken.None);
        await _rig.Runs.Get<RunRepair>().RunAsync(null!, CancellationToken.None);
        Assert.Empty(_rig.Counted);
        _rig.Runs.Clock.Advance(TimeSpan.FromSeconds(30));
        await _rig.Runs.Get<RunRepair>().RunAsync(null!, CancellationToken.None);

        Assert.Equal(["headgate.ledger.drift 3"], _rig.Counted);
    }

    [Fact]
    public async Task Sweep_SilentAgent_LostLeasesAreCounted()
    {
        var agent = _rig.Runs.NewAgent();
        await _rig.Runs.StartAsync();
        Assert.Single(await _rig.Runs.ClaimAsync(agent));
        _rig.Runs.Clock.Advance(TimeSpan.FromSeconds(31));

        await _rig.Runs.Get<LeaseSweep>().RunAsync(null!, CancellationToken.None);

        Assert.Contains("headgate.leases.lost 1", _rig.Counted);
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Observe_AfterMeasuring_ResourcesHeldUntilTheirRelease()
    {
        var (book, key) = (_rig.Runs.Get<ResourceBook>(), new ResourceKey(RunRig.Tenant, "main"));
        await book.ChangeAsync(key, resource => resource.Hold("broken", "test", book.Now));
        await _rig.Runs.Get<Measurements>().RunAsync(CancellationToken.None);
        Assert.Equal(["headgate.resources.held 1"], _rig.Observed("headgate.resources.held"));

        await book.ChangeAsync(key, resource => resource.Release(book.Now));
        await _rig.Runs.Get<Measurements>().RunAsync(CancellationToken.None);

        Assert.Equal(["headgate.resources.held 0"], _rig.Observed("headgate.resources.held"));
        Assert.Null(await _rig.Runs.Tables.GetAsync(Table.Tenants, RowKeys.HeldResources, RowKeys.HeldResource(RunRig.Tenant, "main")));
    }

    [Fact]
    public async Task Observe_HoldWasCutShort_CountsNothingAndForgetsItAfterThePatience()
    {
        _rig.Runs.Tables.Put(Table.Tenants, HeldResources.Listed(RunRig.Tenant, "main", _rig.Runs.Clock.GetUtcNow()).Row);
        await _rig.Runs.Get<Measurements>().RunAsync(CancellationToken.None);
        Assert.Equal(["headgate.resources.held 0"], _rig.Observed("headgate.resources.held"));
        Assert.NotNull(await _rig.Runs.Tables.GetAsync(Table.Tenants, RowKeys.HeldResources, RowKeys.HeldResource(RunRig.Tenant, "main")));

        _rig.Runs.Clock.Advance(TimeSpan.FromSeconds(31));
        await _rig.Runs.Get<Measurements>().RunAsync(CancellationToken.None);

        Assert.Null(await _rig.Runs.Tables.GetAsync(Table.Tenants, RowKeys.HeldResources, RowKeys.HeldResource(RunRig.Tenant, "main")));
    }

    private sealed class Rig : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly List<string> _observed = [];
        private readonly List<string> _counted = [];

        public Rig()
        {
            Runs = new RunRig(queues: new Queues(this));
            var factory = Runs.Get<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory))
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => _observed.Add(Line(instrument, value.ToString(CultureInfo.InvariantCulture), tags)));
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            {
                if (instrument.Name is "headgate.ledger.drift" or "headgate.leases.lost")
                    _counted.Add(Line(instrument, $"{value}", tags));
            });
            _listener.Start();
        }

        public RunRig Runs { get; }

        /// <summary>What the queue answers; null: it cannot be reached.</summary>
        public QueueDepth? Queue { get; set; } = new(0, 0, 0, TimeSpan.Zero);

        public IReadOnlyList<string> Counted => _counted;

        public IReadOnlyList<string> Observed(string start)
        {
            _observed.Clear();
            _listener.RecordObservableInstruments();
            return [.. _observed.Where(line => line.StartsWith(start, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        }

        public void InBackoff(string agentId, string task, DateTimeOffset nextRetryAt) =>
            Runs.Tables.Put(Table.Agents, HoldingRow.Write(new Holding(agentId, $"run.{task}", RunRig.Tenant, "work", 1, 3, 1, nextRetryAt)));

        public void Dispose()
        {
            _listener.Dispose();
            Runs.Dispose();
        }

        private static string Line(Instrument instrument, string value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            string.Join(' ', new[] { $"{instrument.Name} {value}" }.Concat(tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")));

        private sealed class Queues(Rig rig) : IQueueMetrics
        {
            public ValueTask<QueueDepth> GetAsync(string queue, CancellationToken cancellationToken = default) =>
                rig.Queue is { } depth ? ValueTask.FromResult(depth) : throw new StoreUnavailableException("The queue is away.");
        }
    }
}
