using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Functions.Dispatch;
using Headgate.Functions.Options;
using Headgate.Functions.Runs;
using Headgate.Functions.Security;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Tasks.Desk;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Headgate.Functions.Api.Agents;

/// <summary><c>POST /agents/{a}/tasks/claim</c>.</summary>
public sealed class ClaimTasks(Claims claims, AgentDesk desk, AttemptSettler settler, RunWaker waker, HeadgateOptions options, TimeProvider clock)
{
    internal const int MaxTasks = 100;
    internal const int MaxWaitSeconds = 30;
    private static readonly TimeSpan ShortestHold = TimeSpan.FromSeconds(1);

    [Function(nameof(ClaimTasks))]
    [AgentOnly]
    [Does("Claim tasks"), Takes(typeof(ClaimRequest)), Headers(AgentSession.Header), Answers(200, typeof(ClaimAnswer)), Refuses("agent-in-use")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "agents/{agentId}/tasks/claim")] HttpRequest request,
        string agentId,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        if (body.Refusal is not null)
            return Reply.Refused(body.Refusal);
        var reader = ObjectReader.Root(body);
        var max = reader.Int("max", 1, MaxTasks);
        var wait = reader.Int("waitSeconds", 0, MaxWaitSeconds);
        reader.End();
        if (reader.Problems.Any)
            return Reply.Refused(Refusals.InvalidBody(reader.Problems));

        var session = SessionHeader.Read(request, out var refusal);
        if (refusal is not null)
            return Reply.Refused(refusal);

        var started = clock.GetTimestamp();
        var outcome = await claims.ClaimAsync(agentId, session, max ?? 1, TimeSpan.FromSeconds(wait ?? 0), cancellationToken);
        if (outcome is ClaimOutcome.Given { Tasks: { Count: > 0 } unread } && cancellationToken.IsCancellationRequested)
            outcome = await TakeBackAsync(agentId, unread, client);
        return outcome switch
        {
            ClaimOutcome.Given { Tasks: var tasks } => Reply.Ok(
                new ClaimAnswer([.. tasks.Select(View)], NextClaim(agentId, tasks.Count > 0, clock.GetElapsedTime(started))), ContractJson.Default.ClaimAnswer),
            ClaimOutcome.InUse => Reply.Refused(SessionHeader.InUse(agentId, options.Heartbeat.Seconds)),
            _ => Reply.Refused(Refusals.AgentNotFound(agentId)),
        };
    }

    // Who has left while its tasks were handed out reads no answer. Nothing of one has been sent yet, so nobody has them.
    private async ValueTask<ClaimOutcome> TakeBackAsync(string agentId, List<TaskRecord> unread, DurableTaskClient client)
    {
        var reports = unread.ConvertAll(task => AttemptReport.Lost(agentId, task.TaskId, task.State.Attempt, "The agent had left before it was answered."));
        var results = await settler.SettleAsync(reports, CancellationToken.None);
        await waker.WakeAsync(client, results.OfType<ReportResult.Settled>().Select(settled => settled.Run), CancellationToken.None);
        return new ClaimOutcome.Given([]);
    }

    // Where claims are held, asking again at once costs nothing; but one that was not held, for want of room or of the wish, would spin.
    private int NextClaim(string agentId, bool gotWork, TimeSpan held) =>
        options.Claims.MaxWaitSeconds == 0 ? desk.NextPace(agentId, gotWork)
        : gotWork || held >= ShortestHold ? 0
        : 1;

    private ClaimedTask View(TaskRecord task) => new(
        task.TaskId,
        task.RunId,
        task.TenantId,
        task.Type,
        task.State.Attempt,
        task.State.AssignedAt!.Value + options.Leases.Duration,
        task.State.TimeoutSeconds,
        task.Payload is { } payload ? JsonDocument.Parse(payload).RootElement : null)
    {
        Traceparent = task.AttemptTraceParent,
    };
}
