using Headgate.Core.Admission;
using Headgate.Core.Identity;
using Headgate.Core.Validation;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Ports;

namespace Headgate.Functions.Admission;

/// <summary>A run that asks to be admitted, whatever way it came.</summary>
/// <param name="Answer">Builds the answer's body from the run, its tenant's runs in flight and the limit.</param>
/// <param name="Idempotency">Row key and body hash, where the caller gave a key.</param>
public sealed record RunApplication(
    string TenantId,
    RunDefinition Definition,
    string Origin,
    string? TraceParent,
    Func<RunRecord, int, int, byte[]> Answer,
    (string RowKey, string BodyHash)? Idempotency = null)
{
    /// <summary>What else is written in the tenant's partition if it is admitted, by the new run's id and the time; nothing of it stands before the run does.</summary>
    public Func<string, DateTimeOffset, IReadOnlyList<TableWrite>>? With { get; init; }
}

/// <summary>What became of an application; a closed set.</summary>
public abstract record AdmissionResult
{
    private AdmissionResult()
    {
    }

    public sealed record Admitted(string RunId, byte[] Answer, string PlanId) : AdmissionResult;

    /// <summary>The key was used before with the same body: the first answer again.</summary>
    public sealed record Replayed(string RunId, byte[] Answer) : AdmissionResult;

    /// <summary>The key was used before with another body.</summary>
    public sealed record Mismatch : AdmissionResult;

    public sealed record Invalid(Problems Problems) : AdmissionResult;

    public sealed record Refused(AdmissionDecision Decision, string PlanId) : AdmissionResult;
}

/// <summary>The one way a run is created: ledger, run row, live row and remembered answer in one transaction, with the start message.</summary>
/// <param name="application">What is asked for.</param>
/// <param name="pins">What is wrong with the agents it names. A remembered answer is given whatever became of them since.</param>
/// <param name="tables">Where earlier answers are remembered.</param>
/// <param name="ids">For the run's id.</param>
/// <param name="kept">How long an answer is remembered.</param>
/// <param name="believed">The time by which it is forgotten.</param>
internal sealed class AdmitRun(RunApplication application, Problems pins, ITableStore tables, NewestFirstIds ids, TimeSpan kept, BelievedClock believed) : TenantOperation<AdmissionResult>
{
    private RememberedAnswer? _remembered;

    // Simultaneous duplicates wait for the first.
    public override string? ExclusiveKey => application.Idempotency?.RowKey;

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
        var definition = WithPolicies(tenant, problems);
        if (problems.Any)
            return new(new AdmissionResult.Invalid(problems));

        var decision = AdmissionGate.Decide(tenant.Ledger, now);
        return decision is AdmissionDecision.Admitted admitted
            ? Admit(definition, admitted, now)
            : new(new AdmissionResult.Refused(decision, tenant.Ledger.PlanId));
    }

    private bool IsKept(RememberedAnswer answer)
    {
        var now = believed.Now;
        return answer.KeptFrom(now.Wall) is not { } from || from + kept > now.Time;
    }

    private TenantEdit<AdmissionResult> Admit(RunDefinition definition, AdmissionDecision.Admitted admitted, DateTimeOffset now)
    {
        var runId = ids.Next(now);
        var run = RunRecord.Create(application.TenantId, runId, definition, admitted.After.Plan.Weight, application.Origin, application.TraceParent, now);
        var answer = application.Answer(run, admitted.After.InFlight, admitted.Limit);

        var row = TableWrite.Insert(run.Row);
        var live = TableWrite.Insert(LiveRow.Write(application.TenantId, runId, sends: 1, now));
        TableWrite[] writes = application.Idempotency is { } key
            ? [row, live, TableWrite.Upsert(IdempotencyRow.Write(application.TenantId, key.RowKey, new RememberedAnswer(key.BodyHash, runId, answer, now)))]
            : [row, live];
        return new(new AdmissionResult.Admitted(runId, answer, admitted.After.PlanId), admitted.After)
        {
            Writes = application.With is { } with ? [.. writes, .. with(runId, now)] : writes,
            Messages = [RunQueue.Start(application.TenantId, runId, sends: 1, application.TraceParent)],
        };
    }

    private RunDefinition WithPolicies(TenantSnapshot tenant, Problems problems)
    {
        var tasks = new TaskDefinition[application.Definition.Tasks.Count];
        for (var i = 0; i < tasks.Length; i++)
        {
            var task = application.Definition.Tasks[i];
            if (task.Policy is not null)
            {
                // A replay keeps the policy its task was admitted with.
                tasks[i] = task;
                continue;
            }

            if (tenant.Policy(task.PolicyName) is not { } policy)
            {
                var near = NearestName.Of(task.PolicyName, tenant.Policies.Keys);
                problems.Add($"tasks[{i}].policy", $"no policy is named '{task.PolicyName}'" + (near is null ? "" : $"; did you mean '{near}'?"));
                continue;
            }

            tasks[i] = task with { Policy = task.MaxRetries is { } maxRetries ? policy with { MaxRetries = maxRetries } : policy };
        }

        return application.Definition with { Tasks = tasks };
    }
}
