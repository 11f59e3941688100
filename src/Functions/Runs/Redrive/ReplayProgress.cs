using Headgate.Contracts.Runs;
using Headgate.Functions.Admission;
using Headgate.Functions.Stores;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Runs.Redrive;

/// <summary>
/// Takes a replay of many dead letters one step further. What was admitted is counted before its letters go, and found again by the failed run's
/// row: a step that is cut short anywhere and repeated counts each once and replays none twice.
/// </summary>
public sealed class ReplayProgress(ITableStore tables, DeadLetterReader letters, RunRedrive redrive, TimeProvider clock, ILogger<ReplayProgress> logger)
{
    /// <summary>Runs of one step.</summary>
    private const int MostAtOnce = 20;

    private static readonly TimeSpan GivenUpAfter = TimeSpan.FromDays(7);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    public async ValueTask<ReplayRecord?> FindAsync(string tenantId, string replayId, CancellationToken cancellationToken) =>
        await tables.GetAsync(Table.Tenants, tenantId, RowKeys.Replay(replayId), cancellationToken) is { } row ? ReplayRow.Read(row) : null;

    /// <summary>How many of a tenant's newest replays have not ended.</summary>
    public async ValueTask<int> UnderWayAsync(string tenantId, CancellationToken cancellationToken) =>
        (await tables.QueryAsync(TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.ReplayPrefix, 100), cancellationToken)).Rows.Count(row => ReplayRow.Read(row).FinishedAt is null);

    /// <param name="with">What else is written in the tenant's partition with it.</param>
    public ValueTask<ChangeOutcome> WriteAsync(ReplayRecord replay, IReadOnlyList<TableWrite> with, CancellationToken cancellationToken)
    {
        var write = replay.ETag is null ? TableWrite.Insert(ReplayRow.Write(replay)) : TableWrite.Replace(ReplayRow.Write(replay));
        return tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, [write, .. with])), cancellationToken);
    }

    public async ValueTask<RunWake> StepAsync(string tenantId, string replayId, CancellationToken cancellationToken)
    {
        if (await FindAsync(tenantId, replayId, cancellationToken) is not { } replay)
            return new(true, null);
        // Also of the last step, if that was cut short behind its count.
        foreach (var runId in replay.Unremoved)
            await letters.RemoveAsync(tenantId, runId, cancellationToken);
        if (replay.FinishedAt is not null)
            return new(true, null);

        var began = clock.GetUtcNow();
        var step = new Step(replay with { Unremoved = [] });
        await TakeAsync(step, cancellationToken);
        var after = step.After;
        var now = clock.GetUtcNow();
        if (!step.IsRefused && (step.IsLast || after.Replayed + after.Skipped >= after.Limit))
            after = after with { FinishedAt = now };
        else if (now - after.StartedAt > GivenUpAfter)
            after = after with { FinishedAt = now, IsExpired = true };
        // Where another process takes the same step, its count stands, and this one's is found in the runs' rows.
        if (!(await WriteAsync(after, [], cancellationToken)).Succeeded)
            return new(false, now + TimeSpan.FromSeconds(1));
        foreach (var runId in after.Unremoved)
            await letters.RemoveAsync(tenantId, runId, cancellationToken);
        return new(after.FinishedAt is not null, began + WaitAfter(step));
    }

    private static TimeSpan WaitAfter(Step step)
    {
        if (!step.IsRefused)
            return TimeSpan.FromSeconds(step.Admitted / step.After.RatePerSecond);
        // A slot may come free at any moment; a pause or a month lasts.
        var most = step.After.LastRefusal is "concurrency-limit" or "busy" ? TimeSpan.FromSeconds(8) : LongestWait;
        var wait = TimeSpan.FromSeconds(1 << Math.Min(step.After.RefusalsInARow - 1, 5));
        return wait < most ? wait : most;
    }

    private async ValueTask TakeAsync(Step step, CancellationToken cancellationToken)
    {
        var replay = step.After;
        var burst = Math.Clamp((int)Math.Ceiling(replay.RatePerSecond), 1, MostAtOnce);
        var (page, last) = await letters.PageFromAsync(replay.TenantId, replay.Filter, replay.From, DeadLetterReader.MaxScanned, cancellationToken);
        var groups = page.GroupBy(letter => letter.RunId).ToList();
        // The page may end within the letters of a run.
        var isCut = last is not null && groups.Count > 1;
        foreach (var group in isCut ? groups[..^1] : groups)
        {
            if (step.Admitted >= burst || step.After.Replayed + step.After.Skipped >= replay.Limit)
                return;
            if (!await TryAsync(step, group.Key, [.. group], cancellationToken))
                return;
        }

        if (groups.Count == 0 && last is not null)
            step.After = step.After with { From = DeadLetterReader.Behind(last) };
        step.IsLast = last is null;
    }

    /// <returns>False where the gate refused: it is asked again later.</returns>
    private async ValueTask<bool> TryAsync(Step step, string runId, List<DeadLetterView> group, CancellationToken cancellationToken)
    {
        var replay = step.After;
        RedriveResult result;
        try
        {
            result = await redrive.RunAsync(replay.TenantId, runId, replay.FromStart, replay.ReplayId, replay.TraceParent, static (_, _) => [], null, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException and not StoreUnavailableException)
        {
            // A run that can't be read must not keep those behind it.
            logger.ReplayFailed(failure, replay.ReplayId, runId);
            step.Skip(runId, group.Count, "error");
            return true;
        }

        switch (result)
        {
            case RedriveResult.Decided { Gate.Value: AdmissionResult.Admitted }:
                step.Admitted++;
                step.Count(runId, group.Count, isReplayed: true);
                return true;
            // Admitted by a step that was cut short before it was counted.
            case RedriveResult.Already { By: { } by } when by == replay.ReplayId:
                step.Count(runId, group.Count, isReplayed: true);
                return true;
            case RedriveResult.Already:
                step.Count(runId, group.Count, isReplayed: false);
                return true;
            case RedriveResult.Missing:
                step.Skip(runId, group.Count, "run-not-found");
                return true;
            case RedriveResult.Decided { Gate.Value: AdmissionResult.Invalid }:
                step.Skip(runId, group.Count, "invalid-request");
                return true;
            case RedriveResult.Decided { Gate.Value: AdmissionResult.Refused refused }:
                step.Refuse(RunAdmission.CodeOf(refused.Decision));
                return false;
            case RedriveResult.Decided { Gate.Status: GateStatus.NoTenant }:
                step.IsLast = true;
                return false;
            default:
                step.Refuse("busy");
                return false;
        }
    }

    private sealed class Step(ReplayRecord replay)
    {
        public ReplayRecord After { get; set; } = replay;

        public int Admitted { get; set; }

        public bool IsRefused { get; private set; }

        /// <summary>Nothing is left.</summary>
        public bool IsLast { get; set; }

        public void Count(string runId, int count, bool isReplayed) => After = After with
        {
            From = DeadLetterReader.BehindRun(runId),
            Replayed = After.Replayed + (isReplayed ? count : 0),
            Runs = After.Runs + (isReplayed ? 1 : 0),
            Skipped = After.Skipped + (isReplayed ? 0 : count),
            Unremoved = [.. After.Unremoved, runId],
            RefusalsInARow = 0,
        };

        public void Skip(string runId, int count, string code) => After = After with { From = DeadLetterReader.BehindRun(runId), Skipped = After.Skipped + count, Refusals = OneMore(code) };

        public void Refuse(string code)
        {
            IsRefused = true;
            After = After with { RefusalsInARow = After.RefusalsInARow + 1, LastRefusal = code, Refusals = OneMore(code) };
        }

        private Dictionary<string, int> OneMore(string code) =>
            new(After.Refusals, StringComparer.Ordinal) { [code] = After.Refusals.GetValueOrDefault(code) + 1 };
    }
}
