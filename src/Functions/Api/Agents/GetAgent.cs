using Headgate.Contracts;
using Headgate.Core.Access;
using Headgate.Functions.Security;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Agents;

/// <summary>What there is to read of one agent: itself, its load, its tasks in backoff.</summary>
public sealed class GetAgent(AgentReader agents, AgentViews views)
{
    [Function(nameof(GetAgent))]
    [CheckedInside]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "agents/{agentId}")] HttpRequest request,
        string agentId,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        var (agent, refusal) = await agents.FindAsync(context.Caller(), Permission.AgentRead, agentId, cancellationToken);
        return agent is null ? Reply.Refused(refusal!) : Reply.Ok(views.View(agent), ContractJson.Default.AgentView);
    }

    [Function("GetAgentLoad")]
    [CheckedInside]
    public async Task<IActionResult> LoadAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "agents/{agentId}/load")] HttpRequest request,
        string agentId,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        var (agent, refusal) = await agents.FindAsync(context.Caller(), Permission.AgentRead, agentId, cancellationToken);
        return agent is null ? Reply.Refused(refusal!) : Reply.Ok(views.Load(agent), ContractJson.Default.AgentLoadView);
    }

    [Function("GetAgentBackoffStatus")]
    [CheckedInside]
    public async Task<IActionResult> BackoffAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "agents/{agentId}/backoff-status")] HttpRequest request,
        string agentId,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        var (agent, refusal) = await agents.FindAsync(context.Caller(), Permission.AgentRead, agentId, cancellationToken);
        return agent is null ? Reply.Refused(refusal!) : Reply.Ok(views.Backoff(agent), ContractJson.Default.BackoffStatusView);
    }
}
