using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Functions.Dispatch;
using Headgate.Functions.Http.Wire;
using Headgate.Functions.Options;
using Headgate.Functions.Security;
using Headgate.Functions.Stores.Runs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Http.Agents;

/// <summary><c>POST /agents/{a}/tasks/claim</c>.</summary>
public sealed class ClaimTasks(Claims claims, ClaimPace pace, HeadgateOptions options, TimeProvider clock)
{
    private const int MaxTasks = 100;
    private const int MaxWaitSeconds = 30;
    private static readonly TimeSpan ShortestHold = TimeSpan.FromSeconds(1);

    [Function(nameof(ClaimTasks))]
    [AgentOnly]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "agents/{agentId}/tasks/claim")] HttpRequest request,
        string agentId,
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
        return await claims.ClaimAsync(agentId, session, max ?? 1, TimeSpan.FromSeconds(wait ?? 0), cancellationToken) switch
        {
            ClaimOutcome.Given { Tasks: var tasks } => Reply.Ok(
                new ClaimAnswer([.. tasks.Select(View)], NextClaim(agentId, tasks.Count > 0, clock.GetElapsedTime(started))), ContractJson.Default.ClaimAnswer),
            ClaimOutcome.InUse => Reply.Refused(SessionHeader.InUse(agentId, options.Heartbeat.Seconds)),
            _ => Reply.Refused(Refusals.AgentNotFound(agentId)),
        };
    }

    // Where claims are held, asking again at once costs nothing; but one that was not held, for want of room or of the wish, would spin.
    private int NextClaim(string agentId, bool gotWork, TimeSpan held) =>
        options.Claims.MaxWaitSeconds == 0 ? pace.Next(agentId, gotWork)
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
        task.Payload is { } payload ? JsonDocument.Parse(payload).RootElement : null);
}
