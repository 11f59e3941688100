using Headgate.Core.Admission;
using Headgate.Core.Identity;
using Headgate.Core.Runs;
using Headgate.Core.Validation;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Telemetry;
using Headgate.Ports;

namespace Headgate.Functions.Admission;

/// <summary>A run that asks to be admitted, whatever way it came.</summary>
/// <param name="Answer">Builds the answer's body from the run and how it was accepted.</param>
/// <param name="Idempotency">Row key and body hash, where the caller gave a key.</param>
/// <param name="Wait">How long the caller would rather be held for a slot than be queued or refused; null: not at all.</param>
public sealed record RunApplication(
    string TenantId,
    RunDefinition Definition,
    string Origin,
    string? TraceParent,
    Func<RunRecord, Acceptance, byte[]> Answer,
    (string RowKey, string BodyHash)? Idempotency = null,
    TimeSpan? Wait = null)
{
    /// <summary>What else is written in the tenant's partition if it is accepted, by the new run's id and the time; nothing of it stands before the run does.</summary>
    public Func<string, DateTimeOffset, IReadOnlyList<TableWrite>>? With { get; init; }

    /// <summary>Batches of other partitions that must stand before the run does; repeatable.</summary>
    public IReadOnlyList<TableBatch> Preceding { get; init; } = [];

    /// <summary>Batches of other partitions that follow if it is accepted, by the new run's id and the time.</summary>
    public Func<string, DateTimeOffset, IReadOnlyList<TableBatch>>? Following { get; init; }
}

/// <summary>How a run was accepted.</summary>
/// <param name="InFlight">Its tenant's runs in flight.</param>
/// <param name="Limit">The cap.</param>
/// <param name="Place">Where it waits for a slot; null where it has one.</param>
/// <param name="ShadowRefusal">The code under which a shadow limit would have refused it.</param>
public sealed record Acceptance(int InFlight, int Limit, QueuePlace? Place = null, string? ShadowRefusal = null);

/// <summary>What became of an application; a closed set.</summary>
public abstract record AdmissionResult
{
    private AdmissionResult()
    {
    }

    /// <param name="RunId">The run's.</param>
    /// <param name="Answer">For the caller.</param>
    /// <param name="PlanId">The tenant's plan.</param>
    /// <param name="IsQueued">It has no slot yet, and waits for one.</param>
    /// <param name="ShadowRefusal">As of <see cref="Acceptance"/>.</param>
    public sealed record Admitted(string RunId, byte[] Answer, string PlanId, bool IsQueued = false, string? ShadowRefusal = null) : AdmissionResult
    {
        /// <summary>Limits of the month that the tenant is near to now.</summary>
        public IReadOnlyList<LimitUse> Warnings { get; init; } = [];
    }

    /// <summary>The key was used before with the same body: the first answer again.</summary>
    public sealed record Replayed(string RunId, byte[] Answer) : AdmissionResult;

    /// <summary>The key was used before with another body.</summary>
    public sealed record Mismatch : AdmissionResult;

    public sealed record Invalid(Problems Problems) : AdmissionResult;

    /// <param name="Decision">Why.</param>
    /// <param name="PlanId">The tenant's plan.</param>
    /// <param name="WasHeld">False where the caller wanted to be held, and could not be: too many were.</param>
    public sealed record Refused(AdmissionDecision Decision, string PlanId, bool WasHeld = true) : AdmissionResult;
}

/// <summary>The one way a run is created: ledger, run row, live row and remembered answer in one transaction, with the start message.</summary>
/// <param name="application">What is asked for.</param>
/// <param name="pins">What is wrong with the agents it names. A remembered answer is given whatever became of them since.</param>
/// <param name="tables">Where earlier answers are remembered.</param>
/// <param name="ids">For the run's id.</param>
/// <param name="kept">How long an answer is remembered.</param>
/// <param name="believed">The time by which it is forgotten.</param>
/// <param name="hold">How long it may be held for a slot; null: not at all.</param>
/// <param name="chance">For the jitter of a refusal's hint.</param>
internal sealed class AdmitRun(
    RunApplication application, Problems pins, ITableStore tables, NewestFirstIds ids, TimeSpan kept, BelievedClock believed, HoldRequest? hold, Func<double> chance)
    : TenantOperation<AdmissionResult>
{
    private RememberedAnswer? _remembered;
    private bool _holdIsOver;
    private bool _wasHeld;

    // Simultaneous duplicates wait for the first.
    public override string? ExclusiveKey => application.Idempotency?.RowKey;

    public override HoldRequest? Hold => _holdIsOver ? null : hold;

    public override void EndHold() => _holdIsOver = true;

    public override async ValueTask PrepareAsync()
    {
        if (application.Idempotency is { } key)
            _remembered = await tables.GetAsync(Table.Tenants, application.TenantId, key.RowKey) is { } row ? IdempotencyRow.Read(row) : null;
        // Before it is forgotten: a process that began with a clock that is ahead may not have heard so yet.
        if (_remembered is { } remembered && !IsKept(remembered))
            await believed.LearnAsync(tables);
    }

    public override TenantEdit<AdmissionResult> Decide(TenantSnapshot tenant, DateTimeOffset now)
    {
        if (_remembered is { } remembered && IsKept(remembered))
        {
            return new(remembered.BodyHash == application.Idempotency!.Value.BodyHash
                ? new AdmissionResult.Replayed(remembered.RunId, remembered.Answer)
                : new AdmissionResult.Mismatch());
        }

        var problems = new Problems();
        foreach (var pin in pins.Items)
            problems.Add(pin.Path, pin.Message);
        var definition = RunChecks.WithPolicies(tenant, application.Definition, problems);
        if (problems.Any)
            return new(new AdmissionResult.Invalid(problems));

        var decision = AdmissionGate.Decide(tenant.Ledger, now, chance);
        return decision switch
        {
            AdmissionDecision.Admitted admitted => Admit(definition, admitted, now),
            // A place in the queue is older than any that a wait could win.
            _ when Hold is not null && IsForWantOfASlot(decision) => Held(decision, tenant),
            AdmissionDecision.Queued queued => Queue(definition, tenant, queued, now),
            _ => new(new AdmissionResult.Refused(decision, tenant.Ledger.PlanId, hold is null || _wasHeld)),
        };
    }

    private static bool IsForWantOfASlot(AdmissionDecision decision) =>
        decision is AdmissionDecision.ConcurrencyLimit or AdmissionDecision.QueueFull;

    private TenantEdit<AdmissionResult> Held(AdmissionDecision decision, TenantSnapshot tenant)
    {
        _wasHeld = true;
        return new(new AdmissionResult.Refused(decision, tenant.Ledger.PlanId)) { IsHeld = true };
    }

    private bool IsKept(RememberedAnswer answer)
    {
        var now = believed.Now;
        return answer.KeptFrom(now.Wall) is not { } from || from + kept > now.Time;
    }

    private TenantEdit<AdmissionResult> Admit(RunDefinition definition, AdmissionDecision.Admitted admitted, DateTimeOffset now)
    {
        var runId = ids.Next(now);
        var run = RunRecord.Create(application.TenantId, runId, definition, admitted.After.Plan.Weight, application.Origin, Tracing.Kept(application.TraceParent), now)
            .WithSlot(admitted.After.Transition, admitted.Limit);
        var answer = application.Answer(run, new Acceptance(admitted.After.InFlight, admitted.Limit, null, admitted.ShadowRefusal));

        var row = TableWrite.Insert(run.Row);
        var live = TableWrite.Insert(LiveRow.Write(application.TenantId, runId, sends: 1, now));
        return new(new AdmissionResult.Admitted(runId, answer, admitted.After.PlanId, IsQueued: false, admitted.ShadowRefusal) { Warnings = SoftLimits.Warnings(admitted.After, now) }, admitted.After)
        {
            Writes = WithAnswer(row, live, runId, answer, now),
            Preceding = application.Preceding,
            Following = application.Following?.Invoke(runId, now) ?? [],
            Messages = [RunQueue.Start(application.TenantId, runId, sends: 1, application.TraceParent)],
        };
    }

    // No live row and no message: it is not in flight.
    private TenantEdit<AdmissionResult> Queue(RunDefinition definition, TenantSnapshot tenant, AdmissionDecision.Queued queued, DateTimeOffset now)
    {
        var runId = ids.Next(now);
        var run = RunRecord.Create(
            application.TenantId, runId, definition, queued.After.Plan.Weight, application.Origin, Tracing.Kept(application.TraceParent), now, RunStatus.Queued);
        var priority = TaskPriorities.TryParse(definition.Priority, out var known) ? known : TaskPriority.Normal;
        var waiting = new WaitingRun(queued.After.LastPlace, runId, priority, now);
        var place = QueuePlace.Of(runId, queued.After, tenant.Waiting.Add(waiting), now);
        var answer = application.Answer(run, new Acceptance(queued.After.InFlight, queued.Limit, place, queued.ShadowRefusal));

        var row = TableWrite.Insert(run.Row);
        var wait = TableWrite.Insert(WaitRow.Write(application.TenantId, waiting));
        return new(new AdmissionResult.Admitted(runId, answer, queued.After.PlanId, IsQueued: true, queued.ShadowRefusal) { Warnings = SoftLimits.Warnings(queued.After, now) }, queued.After)
        {
            Enters = waiting,
            Writes = WithAnswer(row, wait, runId, answer, now),
            Preceding = application.Preceding,
            Following = application.Following?.Invoke(runId, now) ?? [],
        };
    }

    private List<TableWrite> WithAnswer(TableWrite row, TableWrite second, string runId, byte[] answer, DateTimeOffset now)
    {
        List<TableWrite> writes = [row, second];
        if (application.Idempotency is { } key)
            writes.Add(TableWrite.Upsert(IdempotencyRow.Write(application.TenantId, key.RowKey, new RememberedAnswer(key.BodyHash, runId, answer, now))));
        if (application.With is { } with)
            writes.AddRange(with(runId, now));
        return writes;
    }
}
