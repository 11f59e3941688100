using Headgate.Core.Admission;
using Headgate.Fault.Tests.Witness;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;

namespace Headgate.Fault.Tests.InProcess;

/// <summary>Tables that several processes share, and that look after each change whether a tenant's slots are still what they must be.</summary>
internal sealed class SlotTables(string tenantId, Sightings sightings)
{
    // None of these limits has an end.
    private static readonly DateTimeOffset s_anyTime = DateTimeOffset.UnixEpoch;

    private readonly Lock _lock = new();
    private readonly MemoryTables _tables = new();
    private readonly HashSet<string> _started = new(StringComparer.Ordinal);

    /// <summary>Runs that ever had a slot.</summary>
    public int Started
    {
        get
        {
            lock (_lock)
                return _started.Count;
        }
    }

    public int Changes { get; private set; }

    public ITableStore Sound => _tables;

    public ChangeOutcome Submit(TableChange change)
    {
        lock (_lock)
        {
            var before = Look();
            var outcome = Now(_tables.SubmitAsync(change));
            if (outcome.Succeeded && before is not null)
                Judge(before, Look()!);
            Changes++;
            return outcome;
        }
    }

    public Standing? Look()
    {
        lock (_lock)
        {
            if (Now(_tables.GetAsync(Table.Tenants, tenantId, RowKeys.Ledger)) is not { } row)
                return null;
            var waiting = Rows(RowKeys.WaitPrefix).Select(WaitRow.Read).ToList();
            var live = Rows(RowKeys.LivePrefix).Select(LiveRow.RunIdOf).ToHashSet(StringComparer.Ordinal);
            var runs = Rows(RowKeys.RunPrefix).Select(run => new RunRecord(run)).ToDictionary(run => run.RunId, StringComparer.Ordinal);
            return new Standing(LedgerRow.Read(row), waiting, live, runs);
        }
    }

    private IReadOnlyList<TableRow> Rows(string prefix) => Now(_tables.QueryAsync(TableQuery.Prefix(Table.Tenants, tenantId, prefix))).Rows;

    private void Judge(Standing before, Standing after)
    {
        // Calls that are written together may have been decided by the limits of before.
        var (ledger, cap) = (after.Ledger, Math.Max(before.Ledger.LimitsAt(s_anyTime).MaxConcurrentRuns, after.Ledger.LimitsAt(s_anyTime).MaxConcurrentRuns));
        Holds(ledger.InFlight == after.Live.Count, $"{ledger.InFlight} counted in flight, {after.Live.Count} are");
        Holds(ledger.WaitingRuns == after.Waiting.Count, $"{ledger.WaitingRuns} counted waiting, {after.Waiting.Count} are");
        Holds(ledger.InFlight <= Math.Max(cap, before.Ledger.InFlight), $"{ledger.InFlight} in flight over the cap of {cap}");
        Holds(ledger.WaitingRuns <= Math.Max(ledger.LimitsAt(s_anyTime).MaxWaitingRuns, before.Ledger.WaitingRuns), $"{ledger.WaitingRuns} wait, more than may");
        Holds(ledger.RunsThisMonth <= ledger.LimitsAt(s_anyTime).MaxMonthlyRuns, $"{ledger.RunsThisMonth} runs this month, more than may be");
        foreach (var run in after.Runs.Values)
        {
            var isRight = run.Status switch
            {
                Core.Runs.RunStatus.Queued => !after.Live.Contains(run.RunId) && after.Waiting.Exists(waiting => waiting.RunId == run.RunId),
                Core.Runs.RunStatus.Pending or Core.Runs.RunStatus.Running => after.Live.Contains(run.RunId) && !after.Waiting.Exists(waiting => waiting.RunId == run.RunId),
                _ => !after.Live.Contains(run.RunId) && !after.Waiting.Exists(waiting => waiting.RunId == run.RunId),
            };
            Holds(isRight, $"run {run.RunId} is {run.Status}, live: {after.Live.Contains(run.RunId)}");
        }

        foreach (var run in after.Live.Except(before.Live))
            JudgeStart(run, before, after);
    }

    private void JudgeStart(string runId, Standing before, Standing after)
    {
        Holds(_started.Add(runId), $"run {runId} got a slot twice");
        Holds(new[] { before, after }.Any(standing => standing.Ledger.Status == Core.Tenants.TenantStatus.Active || standing.Ledger.Pause?.Until is not null), $"run {runId} got a slot while the tenant is {after.Ledger.Status}");
        var own = before.Waiting.Find(waiting => waiting.RunId == runId);
        // One that had not waited before this change went behind all that did.
        var overtaken = after.Waiting.Find(waiting => own is null
            ? before.Waiting.Contains(waiting)
            : waiting.Priority == own.Priority && waiting.Place < own.Place);
        Holds(overtaken is null, $"run {runId} overtook {overtaken?.RunId}, which waits at place {overtaken?.Place}");
    }

    private void Holds(bool condition, string otherwise) => sightings.Holds(condition, () => $"change {Changes}: {otherwise}");

    // These tables never wait.
    private static T Now<T>(ValueTask<T> done) => done.IsCompleted ? done.Result : throw new InvalidOperationException("The tables wait.");

    internal sealed record Standing(Ledger Ledger, List<WaitingRun> Waiting, HashSet<string> Live, Dictionary<string, RunRecord> Runs);
}

/// <summary>The tables as one of the processes sees them: slow at times, and gone when it dies, be it before or after a change was made.</summary>
internal sealed class SlotProcessTables(SlotTables tables, Chance chance) : ITableStore
{
    private bool _isDead;

    public void Kill() => _isDead = true;

    public async ValueTask<TableRow?> GetAsync(Table table, string partitionKey, string rowKey, CancellationToken cancellationToken = default)
    {
        await ReachAsync();
        return await tables.Sound.GetAsync(table, partitionKey, rowKey, cancellationToken);
    }

    public async ValueTask<TablePage> QueryAsync(TableQuery query, CancellationToken cancellationToken = default)
    {
        await ReachAsync();
        return await tables.Sound.QueryAsync(query, cancellationToken);
    }

    public async ValueTask<ChangeOutcome> SubmitAsync(TableChange change, CancellationToken cancellationToken = default)
    {
        await ReachAsync();
        var outcome = tables.Submit(change);
        await ReachAsync();
        return outcome;
    }

    private async ValueTask ReachAsync()
    {
        for (var turns = chance.OneIn(3) ? chance.Between(1, 6) : 0; turns > 0; turns--)
            await Task.Yield();
        if (_isDead)
            throw new StoreUnavailableException("The process died.", retryAfter: TimeSpan.FromSeconds(1));
    }
}
