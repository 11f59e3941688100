using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Functions.Dispatch;
using Headgate.Functions.Options;
using Headgate.Functions.Runs;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Telemetry;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Api.Agents;

/// <summary><c>POST /agents/{a}/heartbeat</c>.</summary>
public sealed class ReportHeartbeat(
    Heartbeats heartbeats, RunWaker waker, ITableStore tables, NewestFirstIds ids, Metrics metrics, HeadgateOptions options, TimeProvider clock, ILogger<ReportHeartbeat> logger)
{
    [Function(nameof(ReportHeartbeat))]
    [AgentOnly]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "agents/{agentId}/heartbeat")] HttpRequest request,
        string agentId,
        FunctionContext context,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        if (body.Refusal is not null)
            return Reply.Refused(body.Refusal);
        var reader = ObjectReader.Root(body);
        var heartbeat = HeartbeatReader.Read(reader);
        var session = SessionHeader.Read(request, out var refusal);
        if (refusal is not null)
            return Reply.Refused(refusal);
        if (session is not null && heartbeat.Session is { } stated && stated != session)
            reader.Problem("session", $"differs from the header {AgentSession.Header}");
        reader.End();
        if (reader.Problems.Any)
            return Reply.Refused(Refusals.InvalidBody(reader.Problems));

        switch (await heartbeats.BeatAsync(agentId, heartbeat with { Session = session ?? heartbeat.Session }, isFenced: session is not null, cancellationToken))
        {
            case HeartbeatOutcome.Taken taken:
                await waker.WakeAsync(client, taken.Woken, CancellationToken.None);
                if (taken.Followed)
                    await TellAsync(taken.Agent.Agent, AuditAction.AgentFollowed, "Another process with its identity had the agent and fell silent.", context);
                return Answer(heartbeat, taken);
            case HeartbeatOutcome.InUse inUse:
                metrics.AgentContended();
                if (inUse.IsNews)
                    await TellAsync(inUse.Agent.Agent, AuditAction.AgentContended, "Another process with its identity was refused: this one has the agent and is alive.", context);
                return Reply.Refused(SessionHeader.InUse(agentId, options.Heartbeat.Seconds));
            default:
                return Reply.Refused(Refusals.AgentNotFound(agentId));
        }
    }

    private Reply Answer(HeartbeatRequest heartbeat, HeartbeatOutcome.Taken taken)
    {
        var agent = taken.Agent.Agent;
        return Reply.Ok(
            new HeartbeatAnswer(
                options.Heartbeat.Seconds,
                heartbeat.SettingsVersion == agent.SettingsVersion ? null : AgentViews.Settings(agent),
                taken.Cancel,
                taken.Lost),
            ContractJson.Default.HeartbeatAnswer);
    }

    // An operator has to know: one identity is meant for one process.
    private async ValueTask TellAsync(AgentRecord agent, AuditAction action, string why, FunctionContext context)
    {
        logger.AgentShared(agent.AgentId, why);
        var audit = new AuditEntry(agent.TenantId, clock.GetUtcNow(), context.Caller().Actor, action, agent.AgentId, why, context.RequestId());
        try
        {
            await tables.SubmitAsync(new TableChange(audit.ToBatch(ids)), CancellationToken.None);
        }
        catch (StoreUnavailableException failure)
        {
            // What it tells of stands already; the answer must not depend on it.
            logger.AuditFailed(failure, action.WireName(), audit.Actor, audit.RequestId);
        }
    }
}
