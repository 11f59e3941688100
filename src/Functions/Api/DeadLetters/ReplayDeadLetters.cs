using Headgate.Contracts;
using Headgate.Contracts.Runs;
using Headgate.Core.Access;
using Headgate.Core.Identity;
using Headgate.Core.Runs;
using Headgate.Functions.Admission;
using Headgate.Functions.Api.Idempotency;
using Headgate.Functions.Api.Runs;
using Headgate.Functions.Options;
using Headgate.Functions.Runs.Redrive;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Telemetry;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Headgate.Functions.Api.DeadLetters;

/// <summary>
/// <c>POST /tenants/{t}/dead-letters/{id}/replay</c>: the letter's run is tried again from its failed tasks, and all its letters go. Answered like a
/// submission; asked again, likewise.
/// </summary>
public sealed class ReplayDeadLetter(DeadLetterReader letters, RunReader runs, RunRedrive redrive, WaitQueue queue, TenantReader tenants, RememberedAnswers answers, HeadgateOptions options, TimeProvider clock)
{
    [Function(nameof(ReplayDeadLetter))]
    [Access(Permission.DeadLetterReplay)]
    [Audits(AuditAction.DeadLetterReplayed)]
    [Does("Replay the run of a dead letter"), Takes, Headers("Idempotency-Key")]
    [Answers(202, typeof(RunAccepted), "Location", "Idempotency-Replayed", "Headgate-Warning"), Answers(202, typeof(RunQueued), "Location", "Headgate-Warning")]
    [Refuses(RefusesAttribute.AtTheGate, "dead-letter-not-found", "idempotency-mismatch")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants/{tenantId}/dead-letters/{deadLetterId}/replay")] HttpRequest request,
        string tenantId,
        string deadLetterId,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        var key = IdempotencyKey.Read(request, body.Problems);
        if (body.Refusal is not null)
            return Reply.Refused(body.Refusal);
        var reader = ObjectReader.Root(body);
        reader.End();
        if (reader.Problems.Any)
            return Reply.Refused(Refusals.InvalidBody(reader.Problems));
        var call = CreatingCall.Of(request, body, tenantId, $"dead-letters/{deadLetterId}/replay", key);
        if (await EarlierAsync(call, deadLetterId, cancellationToken) is { } earlier)
            return earlier;

        // The task's row outlives the letter, so that a repeated request finds what became of it.
        if (await runs.TaskAsync(deadLetterId, cancellationToken) is not { State.Status: Core.Runs.TaskStatus.Failed or Core.Runs.TaskStatus.Exhausted } task || task.TenantId != tenantId)
            return Reply.Refused(NotFound(deadLetterId));
        var isListed = await letters.FindAsync(tenantId, deadLetterId, cancellationToken) is not null;
        if (!isListed && await runs.RunAsync(tenantId, task.RunId, cancellationToken) is not { ReplayedAs: not null })
            return Reply.Refused(NotFound(deadLetterId));

        var requestId = context.RequestId();
        var result = await redrive.RunAsync(
            tenantId, task.RunId, fromStart: false, by: null, context.TraceContext.TraceParent, (run, acceptance) => RunViews.Accepted(run, acceptance, requestId), call.OfRun, cancellationToken);
        // Of two that are sent at once with one key, the second finds what the first has made.
        if (result is RedriveResult.Already && await EarlierAsync(call, deadLetterId, cancellationToken) is { } first)
            return first;
        if (result is RedriveResult.Already or RedriveResult.Decided { Gate.Value: AdmissionResult.Admitted or AdmissionResult.Replayed })
            await letters.RemoveAsync(tenantId, task.RunId, cancellationToken);
        return result switch
        {
            RedriveResult.Decided decided => AdmissionReply.From(decided.Gate, tenantId, options.Admission),
            RedriveResult.Already already => await AgainAsync(tenantId, already.RunId, deadLetterId, requestId, cancellationToken),
            RedriveResult.Unfinished => Reply.Refused(Unfinished),
            _ => Reply.Refused(NotFound(deadLetterId)),
        };
    }

    private static readonly Refusal Unfinished =
        new Refusal(503, "busy", "The run has not ended yet") { RetryAfter = 1 };

    private async ValueTask<Reply?> EarlierAsync(CreatingCall call, string deadLetterId, CancellationToken cancellationToken)
    {
        switch (await answers.ReadAsync(call, await answers.FindAsync(call, cancellationToken)))
        {
            case EarlierAnswer.Mismatch:
                return Reply.Refused(Refusals.IdempotencyMismatch);
            case EarlierAnswer.Known(var runId, var answer):
                // The first call may have been cut short before the letters went.
                if (TaskId.TryParse(deadLetterId, out var failed, out _))
                    await letters.RemoveAsync(call.Partition, failed, cancellationToken);
                return AdmissionReply.From(new(GateStatus.Done, new AdmissionResult.Replayed(runId, answer)), call.Partition, options.Admission).WithoutChange();
            default:
                return null;
        }
    }

    internal static Refusal NotFound(string id) => Refusals.NotFound("Dead letter", "dead-letter-not-found", "id", id);

    private async Task<Reply> AgainAsync(string tenantId, string runId, string deadLetterId, string requestId, CancellationToken cancellationToken)
    {
        if (await runs.RunAsync(tenantId, runId, cancellationToken) is not { } run || await tenants.ReadAsync(tenantId, cancellationToken) is not { Ledger: var ledger })
            return Reply.Refused(NotFound(deadLetterId));
        var place = run.Status == RunStatus.Queued ? await queue.PlaceOfAsync(tenantId, runId, cancellationToken) : null;
        // It has left the queue since it was read.
        if (place is null && run.Status == RunStatus.Queued && await runs.RunAsync(tenantId, runId, cancellationToken) is { } started)
            run = started;
        var acceptance = new Acceptance(ledger.InFlight, ledger.LimitsAt(clock.GetUtcNow()).MaxConcurrentRuns, place);
        var answer = AdmissionReply.From(new(GateStatus.Done, new AdmissionResult.Replayed(runId, RunViews.Accepted(run, acceptance, requestId))), tenantId, options.Admission);
        return answer.WithoutChange();
    }
}

/// <summary><c>POST /tenants/{t}/dead-letters/replay</c>: many at once, at a rate. <c>GET …/replays/{replayId}</c> tells how far it has come.</summary>
public sealed class ReplayDeadLetters(DeadLetterReader letters, ReplayProgress progress, TenantReader tenants, RememberedAnswers answers, ITableStore tables, NewestFirstIds ids, TimeProvider clock)
{
    internal const int MaxLimit = 1000;
    private const int DefaultLimit = 100;
    internal const double MinRate = 0.1;
    internal const double MaxRate = 100;
    private const double DefaultRate = 10;
    private const int SampleSize = 10;

    /// <summary>Each has a rate of its own.</summary>
    private const int MostUnderWay = 4;

    private static readonly Refusal TooMany = new Refusal(409, "replay-limit", "Too many replays are under way")
        .With("message", $"At most {MostUnderWay} of a tenant at once. Wait until one has ended.");

    private const string FromStart = "start";
    internal static readonly TextRule From = TextRule.OneOf("failed-task", FromStart);

    private static readonly StartOrchestrationOptions Once = new StartOrchestrationOptions().WithDedupeStatuses(
        OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended, OrchestrationRuntimeStatus.Completed);


    [Function(nameof(ReplayDeadLetters))]
    [Access(Permission.DeadLetterReplay)]
    [Audits(AuditAction.DeadLetterReplayed, Itself = true)]
    [Does("Replay all dead letters that match"), Takes(typeof(ReplayRequest)), Headers("Idempotency-Key")]
    [Answers(200, typeof(ReplayPreview)), Answers(202, typeof(ReplayAccepted), "Location", "Idempotency-Replayed"), Refuses("replay-limit idempotency-mismatch busy")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants/{tenantId}/dead-letters/replay")] HttpRequest request,
        string tenantId,
        FunctionContext context,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        var key = IdempotencyKey.Read(request, body.Problems);
        if (body.Refusal is not null)
            return Reply.Refused(body.Refusal);
        var fields = ObjectReader.Root(body);
        var filter = FilterFields.OfBody(fields);
        var limit = fields.Int("limit", 1, MaxLimit) ?? DefaultLimit;
        var fromStart = fields.String("from", From) == FromStart;
        var rate = fields.Number("ratePerSecond", MinRate, MaxRate) ?? DefaultRate;
        var isDry = fields.Bool("dryRun") ?? false;
        fields.End();
        if (fields.Problems.Any)
            return Reply.Refused(Refusals.InvalidBody(fields.Problems));
        if (await tenants.ReadAsync(tenantId, cancellationToken) is null)
            return Reply.Refused(Refusals.TenantNotFound(tenantId));
        var call = CreatingCall.Of(request, body, tenantId, "dead-letters/replay", key);
        var earlier = await answers.FindAsync(call, cancellationToken);
        if (await EarlierAsync(call, earlier, client, cancellationToken) is { } first)
            return first;

        // What fails again meanwhile is no part of it: it would go round for ever.
        var now = clock.GetUtcNow();
        if (filter.Until is null || filter.Until > now)
            filter = filter with { Until = now };
        var (matching, sample) = await letters.CountAsync(tenantId, filter, SampleSize, cancellationToken);
        if (isDry)
            return Reply.Ok(new ReplayPreview(matching, sample), ContractJson.Default.ReplayPreview).WithoutChange();

        if (await progress.UnderWayAsync(tenantId, cancellationToken) >= MostUnderWay)
            return Reply.Refused(TooMany);
        var replayId = ids.Next(now);
        var actor = context.Caller().Actor;
        var replay = new ReplayRecord(tenantId, replayId, filter, limit, fromStart, rate, matching, now, actor) { TraceParent = Tracing.Kept(context.TraceContext.TraceParent) };
        var answer = Reply.BodyOf(new ReplayAccepted(replayId, matching), ContractJson.Default.ReplayAccepted);
        if (!(await progress.WriteAsync(replay, RememberedAnswers.Remember(call, earlier, replayId, answer, now), cancellationToken)).Succeeded)
            return await EarlierAsync(call, await answers.FindAsync(call, cancellationToken), client, cancellationToken) ?? Reply.Refused(Refusals.Busy);
        await TryStartAsync(client, tenantId, replayId, CancellationToken.None);
        var audit = new AuditEntry(tenantId, now, actor, AuditAction.DeadLetterReplayed, replayId, $"{Math.Min(matching, limit)} of {matching} matching", context.RequestId());
        await tables.SubmitAsync(new TableChange([audit.ToBatch(ids)], []), CancellationToken.None);
        return Accepted(tenantId, replayId, answer);
    }

    private static Reply Accepted(string tenantId, string replayId, byte[] answer) =>
        Reply.Bytes(202, answer).WithHeader("Location", $"/tenants/{tenantId}/dead-letters/replays/{replayId}");

    private static Task StartAsync(DurableTaskClient client, string tenantId, string replayId) =>
        client.ScheduleNewOrchestrationInstanceAsync(ReplayOrchestration.Name, new ReplayReference(tenantId, replayId), Once with { InstanceId = replayId }, CancellationToken.None);

    private async ValueTask<Reply?> EarlierAsync(CreatingCall call, TableRow? row, DurableTaskClient client, CancellationToken cancellationToken)
    {
        switch (await answers.ReadAsync(call, row))
        {
            case EarlierAnswer.Mismatch:
                return Reply.Refused(Refusals.IdempotencyMismatch);
            case EarlierAnswer.Known(var replayId, var answer):
                // The first call may have been cut short before its start.
                if (await progress.FindAsync(call.Partition, replayId, cancellationToken) is { FinishedAt: null } && await client.GetInstanceAsync(replayId, cancellationToken) is null)
                    await TryStartAsync(client, call.Partition, replayId, cancellationToken);
                return Replays.Again(Accepted(call.Partition, replayId, answer));
            default:
                return null;
        }
    }

    // The first call may be about to do so itself.
    private static async Task TryStartAsync(DurableTaskClient client, string tenantId, string replayId, CancellationToken cancellationToken)
    {
        try
        {
            await StartAsync(client, tenantId, replayId);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The extensions differ in what they throw for an instance that exists: the instance itself tells.
            if (await client.GetInstanceAsync(replayId, cancellationToken) is null)
                throw;
        }
    }
}

/// <summary><c>GET /tenants/{t}/dead-letters/replays/{replayId}</c></summary>
public sealed class GetReplay(ReplayProgress progress)
{
    [Function(nameof(GetReplay))]
    [Access(Permission.DeadLetterRead)]
    [Does("Tell how far a replay has come"), Answers(200, typeof(ReplayView)), Refuses("replay-not-found")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}/dead-letters/replays/{replayId}")] HttpRequest request,
        string tenantId,
        string replayId,
        CancellationToken cancellationToken) =>
        Core.Identity.RunId.IsWellFormed(replayId) && await progress.FindAsync(tenantId, replayId, cancellationToken) is { } replay
            ? Reply.Ok(View(replay), ContractJson.Default.ReplayView)
            : Reply.Refused(Refusals.NotFound("Replay", "replay-not-found", "id", replayId));

    private static ReplayView View(ReplayRecord replay) => new(
        replay.ReplayId,
        replay.State,
        replay.FromStart ? "start" : "failed-task",
        replay.RatePerSecond,
        replay.Limit,
        replay.Matching,
        replay.Replayed,
        replay.Runs,
        replay.Skipped,
        replay.Refusals,
        replay.RefusalsInARow > 0 ? replay.LastRefusal : null,
        replay.StartedAt,
        replay.FinishedAt);
}
