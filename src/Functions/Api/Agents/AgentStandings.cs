using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Core.Access;
using Headgate.Core.Agents;
using Headgate.Functions.Dispatch;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Telemetry;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Api.Agents;

/// <summary>
/// <c>POST /agents/{a}/drain</c> and <c>/undrain</c>: no new work for a while. Asking for what is so already changes nothing, and is answered
/// likewise.
/// </summary>
public sealed class DrainAgent(StandingChange change)
{
    [Function(nameof(DrainAgent)), CheckedInside, Audits(AuditAction.AgentDrained, Itself = true)]
    [Does("Drain an agent: it gets no new tasks"), Takes(typeof(OptionalReasonRequest)), Answers(200, typeof(AgentView))]
    public Task<IActionResult> DrainAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "agents/{agentId}/drain")] HttpRequest request,
        string agentId,
        FunctionContext context,
        CancellationToken cancellationToken) =>
        change.ApplyAsync(request, agentId, AuditAction.AgentDrained, needsReason: false, context, (was, _, now) => was with { DrainedAt = was.DrainedAt ?? now }, cancellationToken);

    [Function("UndrainAgent"), CheckedInside, Audits(AuditAction.AgentUndrained, Itself = true)]
    [Does("Let a drained agent have tasks again"), Takes(typeof(OptionalReasonRequest)), Answers(200, typeof(AgentView))]
    public Task<IActionResult> UndrainAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "agents/{agentId}/undrain")] HttpRequest request,
        string agentId,
        FunctionContext context,
        CancellationToken cancellationToken) =>
        change.ApplyAsync(request, agentId, AuditAction.AgentUndrained, needsReason: false, context, (was, _, _) => was with { DrainedAt = null }, cancellationToken);
}

/// <summary><c>POST /agents/{a}/quarantine</c> and <c>/release</c>: no new work for an agent that something is wrong with, until somebody has looked.</summary>
public sealed class QuarantineAgent(StandingChange change)
{
    [Function(nameof(QuarantineAgent)), CheckedInside, Audits(AuditAction.AgentQuarantined, Itself = true)]
    [Does("Put an agent in quarantine"), Takes(typeof(QuarantineRequest)), Answers(200, typeof(AgentView))]
    public Task<IActionResult> QuarantineAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "agents/{agentId}/quarantine")] HttpRequest request,
        string agentId,
        FunctionContext context,
        CancellationToken cancellationToken) =>
        change.ApplyAsync(
            request,
            agentId,
            AuditAction.AgentQuarantined,
            needsReason: true,
            context,
            (was, reason, now) => was.Quarantine?.Reason == reason ? was : was with { Quarantine = new(now, reason!, context.Caller().Actor) },
            cancellationToken);

    [Function("ReleaseAgent"), CheckedInside, Audits(AuditAction.AgentReleased, Itself = true)]
    [Does("Release an agent from quarantine"), Takes(typeof(OptionalReasonRequest)), Answers(200, typeof(AgentView))]
    public Task<IActionResult> ReleaseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "agents/{agentId}/release")] HttpRequest request,
        string agentId,
        FunctionContext context,
        CancellationToken cancellationToken) =>
        change.ApplyAsync(request, agentId, AuditAction.AgentReleased, needsReason: false, context, (was, _, _) => was with { Quarantine = null }, cancellationToken);
}

/// <summary>Changes whether an agent may be given work for a caller, and audits that whoever calls.</summary>
public sealed class StandingChange(
    AgentReader agents, Standings standings, AgentViews views, AuditTrail audit, ILogger<StandingChange> logger)
{
    private static readonly TextRule Reason = TextRule.Plain(500);

    /// <param name="change">The standing from now on, of what it was, the reason given and the time.</param>
    internal async Task<IActionResult> ApplyAsync(
        HttpRequest request,
        string agentId,
        AuditAction action,
        bool needsReason,
        FunctionContext context,
        Func<AgentStanding, string?, DateTimeOffset, AgentStanding> change,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        var (agent, refusal) = await agents.FindAsync(context.Caller(), Permission.AgentUpdate, agentId, cancellationToken);
        if ((refusal ?? body.Refusal) is { } refused)
            return Reply.Refused(refused);
        var fields = ObjectReader.Root(body);
        var reason = fields.String("reason", Reason, needsReason);
        fields.End();
        if (fields.Problems.Any)
            return Reply.Refused(Refusals.InvalidBody(fields.Problems));
        if (await standings.ChangeAsync(agentId, (now, at) => change(now.Agent.Standing, reason, at), cancellationToken) is not { } changed)
            return Reply.Refused(Refusals.AgentNotFound(agentId));

        if (changed.Before.Agent.Standing != changed.After.Agent.Standing)
        {
            logger.AgentStandingChanged(agentId, action.WireName(), context.Caller().Actor);
            await audit.WriteAsync(agent!.Agent.TenantId, context.Caller(), action, agentId, reason, context.RequestId());
        }

        return Reply.Ok(views.View(changed.After), ContractJson.Default.AgentView);
    }
}
