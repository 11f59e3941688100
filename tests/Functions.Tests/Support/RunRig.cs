using System.Text;
using Headgate.Contracts.Agents;
using Headgate.Core.Admission;
using Headgate.Core.Agents;
using Headgate.Core.Plans;
using Headgate.Core.Runs;
using Headgate.Core.Tenants;
using Headgate.Functions.Admission;
using Headgate.Functions.Dispatch;
using Headgate.Functions.Options;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Shared;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Headgate.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Headgate.Functions.Tests.Support;

/// <summary>What stands between triggers and ports, on tables that apply a change batch by batch, with one tenant.</summary>
internal sealed class RunRig : IDisposable
{
    public const string Tenant = "acme";

    private readonly ServiceProvider _services;

    /// <param name="options">The defaults where null.</param>
    /// <param name="queues">What queues look like; empty where null.</param>
    /// <param name="shared">Ready tasks are read from their table, as where several processes share it.</param>
    public RunRig(HeadgateOptions? options = null, IQueueMetrics? queues = null, bool shared = false)
        : this(new MemoryTables(), new WallClock(), options, queues, shared)
    {
        SetStatus(TenantStatus.Active);
        Tables.Put(Table.Tenants, ProfileRow.Write(Tenant, new TenantProfile("Acme", Clock.GetUtcNow())));
        Tables.Put(Table.Tenants, new TableRow(RowKeys.TenantDirectory, Tenant, []));
        // The service is there from now on, not from the first sweep.
        Get<ServiceUptime>();
    }

    private RunRig(MemoryTables tables, WallClock wall, HeadgateOptions? options, IQueueMetrics? queues, bool shared)
    {
        (Tables, Wall) = (tables, wall);
        _services = new ServiceCollection()
            .AddLogging().AddMetrics().AddSingleton<Metrics>()
            .AddSingleton<TimeProvider>(Wall)
            .AddSingleton<ITableStore>(Tables)
            .AddSingleton<IRandomSource, SequenceRandom>()
            .AddSingleton<NewestFirstIds>()
            .AddSingleton<IHostApplicationLifetime, Lifetime>()
            .AddSingleton<IQueueSender, Nowhere>()
            .AddSingleton(queues ?? new NoQueues())
            .AddSingleton(options ?? new HeadgateOptions())
            .AddSingleton(shared ? Arrangement.SharedAll : Arrangement.Alone)
            .AddRuns()
            .BuildServiceProvider();
    }

    public MemoryTables Tables { get; }

    /// <summary>What is moved by hand, and shows the time as long as nobody sets <see cref="Wall"/>.</summary>
    public ManualClock Clock => Wall.Ticking;

    /// <summary>The clock that can be set.</summary>
    public WallClock Wall { get; }

    /// <summary>A process that shares the tables and has seen nothing yet.</summary>
    public RunRig OtherProcess(HeadgateOptions? options = null) => new(Tables, Wall, options, queues: null, shared: true);

    /// <summary>The process that follows this one on its tables, and has seen nothing yet.</summary>
    public RunRig NextProcess(HeadgateOptions? options = null) => new(Tables, Wall, options, queues: null, shared: false);

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public void SetStatus(TenantStatus status)
    {
        var pause = status == TenantStatus.Paused ? new PauseRecord("test", "test", Clock.GetUtcNow(), null) : null;
        var ledger = Ledger.Open("enterprise", new LimitOverrides(), Clock.GetUtcNow()) with { Status = status, Pause = pause };
        Tables.Put(Table.Tenants, LedgerRow.Write(Tenant, ledger, null));
    }

    /// <returns>The id of a shared agent that takes tasks of type <c>work</c>.</returns>
    public string NewAgent(string name = "one")
    {
        var id = AgentIds.Of(null, name);
        var agent = new AgentRecord(
            id, null, name, "linux", "x64", "1", new Dictionary<string, string>(), ["work"], AgentLimits.Default, 1, "key", Clock.GetUtcNow(), null);
        Tables.Put(Table.Agents, AgentRow.Write(agent));
        Tables.Put(Table.AgentsByOwner, new TableRow(agent.Owner, id, []));
        return id;
    }

    /// <returns>The id of a run of one task named <c>one</c>.</returns>
    public async Task<string> SubmitAsync(params string[] resources) => Assert.IsType<AdmissionResult.Admitted>(await ApplyAsync(resources: resources)).RunId;

    /// <param name="idempotencyKey">Null for none.</param>
    /// <param name="admission">Of another process; null for this one's.</param>
    /// <param name="resources">What the task names.</param>
    public async Task<AdmissionResult> ApplyAsync(string? idempotencyKey = null, RunAdmission? admission = null, params string[] resources)
    {
        var task = new TaskDefinition("one", "work", [], null, new Dictionary<string, string>(), 60, "default", null, null, null, resources.Length == 0 ? null : resources);
        var application = new RunApplication(
            Tenant, new RunDefinition("run", "normal", null, [task]), RunOrigin.Api, null, (run, _) => Encoding.UTF8.GetBytes(run.RunId),
            idempotencyKey is null ? null : (IdempotencyRow.Key("runs", idempotencyKey), "hash"));
        return (await (admission ?? Get<RunAdmission>()).ApplyAsync(application, CancellationToken.None)).Value!;
    }

    /// <returns>The id of a run whose task is ready.</returns>
    public async Task<string> StartAsync(params string[] resources)
    {
        var runId = await SubmitAsync(resources);
        await AdvanceAsync(runId);
        return runId;
    }

    public async Task<RunWake> AdvanceAsync(string runId) => await Get<RunProgress>().AdvanceAsync(Tenant, runId, traceParent: null, CancellationToken.None);

    public async Task<List<TaskRecord>> ClaimAsync(string agentId, int max = 1, string? session = null) =>
        Assert.IsType<ClaimOutcome.Given>(await Get<Claims>().ClaimAsync(agentId, session, max, TimeSpan.Zero, CancellationToken.None)).Tasks;

    /// <summary>As a process that names itself in every call.</summary>
    public async Task<HeartbeatOutcome> BeatAsAsync(string session, string agentId, bool ends = false, params TaskRecord[] running) => (await Get<Heartbeats>().BeatAsync(
        agentId,
        new HeartbeatRequest("1", "linux", 1, null, [.. running.Select(task => new RunningAttempt(task.TaskId, task.State.Attempt))], null, session, null, ends),
        isFenced: true,
        CancellationToken.None))!;

    public async Task<HeartbeatOutcome.Taken> BeatAsync(string agentId, params TaskRecord[] running) => Assert.IsType<HeartbeatOutcome.Taken>(await Get<Heartbeats>().BeatAsync(
        agentId,
        new HeartbeatRequest("1", "linux", 1, null, [.. running.Select(task => new RunningAttempt(task.TaskId, task.State.Attempt))], null, "session", null),
        isFenced: false,
        CancellationToken.None));

    public async Task<ReportResult> ReportAsync(TaskRecord task) =>
        (await Get<AttemptSettler>().SettleAsync([Succeeded(task)], CancellationToken.None))[0];

    public static AttemptReport Succeeded(TaskRecord task) => new(task.TaskId, task.State.Attempt, task.State.AgentId!, new AttemptOutcome.Succeeded());

    public async Task<TaskRecord> TaskAsync(string runId) => (await Get<RunReader>().TaskAsync($"{runId}.one"))!;

    public async Task<AgentSnapshot> AgentAsync(string agentId) => (await Get<AgentReader>().ReadAsync(agentId))!;

    /// <summary>Lets something happen once, right before a change that writes to the table.</summary>
    public void BeforeWriteTo(Table table, Func<Task> happens) => Tables.Submitting = async change =>
    {
        if (!change.Batches.Any(batch => batch.Table == table))
            return;
        Tables.Submitting = null;
        await happens();
    };

    public void Dispose() => _services.Dispose();

    private sealed class Nowhere : IQueueSender
    {
        public ValueTask SendAsync(OutgoingMessage message, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }

    private sealed class NoQueues : IQueueMetrics
    {
        public ValueTask<QueueDepth> GetAsync(string queue, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(new QueueDepth(0, 0, 0, TimeSpan.Zero));
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication()
        {
        }
    }
}
