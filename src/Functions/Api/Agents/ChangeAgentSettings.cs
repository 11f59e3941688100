using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Core.Access;
using Headgate.Core.Agents;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Tasks.Desk;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Agents;

/// <summary>
/// <c>PATCH /agents/{a}/settings</c>: absent fields stay, null goes back to the default. Delivered with the next heartbeat. What changes
/// nothing writes nothing, and the version stays.
/// </summary>
public sealed class ChangeAgentSettings(ITableStore tables, AgentReader agents, AgentDesk desk)
{
    internal const int MaxTypes = 50;
    private static readonly TextRule IoPriority = TextRule.OneOf([.. AgentLimits.IoPriorities]);

    [Function(nameof(ChangeAgentSettings))]
    [CheckedInside]
    [Audits(AuditAction.AgentSettingsChanged)]
    [Does("Change an agent's settings"), Takes(typeof(AgentSettingsRequest)), Answers(200, typeof(AgentSettings)), Refuses("no-updates")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = "agents/{agentId}/settings")] HttpRequest request,
        string agentId,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        while (true)
        {
            var (agent, refusal) = await agents.FindAsync(context.Caller(), Permission.AgentUpdate, agentId, cancellationToken);
            if (agent is null)
                return Reply.Refused(refusal!);
            if (body.Refusal is not null)
                return Reply.Refused(body.Refusal);
            var reader = ObjectReader.Root(body);
            if (reader.IsEmpty && !reader.Problems.Any)
                return Reply.Refused(new Refusal(400, "no-updates", "No updates provided").With("message", "At least one setting must be provided"));
            var limits = Read(reader, agent.Agent.Limits);
            reader.End();
            if (reader.Problems.Any)
                return Reply.Refused(Refusals.InvalidBody(reader.Problems));

            if (limits.IsSameAs(agent.Agent.Limits))
                return Reply.Ok(AgentViews.Settings(agent.Agent), ContractJson.Default.AgentSettings).WithoutChange();

            var changed = agent.Agent with { Limits = limits, SettingsVersion = agent.Agent.SettingsVersion + 1 };
            var outcome = await tables.SubmitAsync(new TableChange(agent.ChangeTo(changed)), cancellationToken);
            if (!outcome.Succeeded)
                continue;
            desk.Free(agentId, limits.MaxConcurrentTasks);
            return Reply.Ok(AgentViews.Settings(changed), ContractJson.Default.AgentSettings).About(changed.TenantId);
        }
    }

    private static AgentLimits Read(ObjectReader reader, AgentLimits now)
    {
        var defaults = AgentLimits.Default;
        var total = reader.Int("maxConcurrentTasks", 1, AgentLimits.MaxConcurrentTasksCeiling) ?? Kept("maxConcurrentTasks", now.MaxConcurrentTasks, defaults.MaxConcurrentTasks);
        var byType = reader.IntMap("typeLimits", MaxTypes, TextRule.TaskType, 0, AgentLimits.MaxConcurrentTasksCeiling) ?? Kept("typeLimits", now.TypeLimits, defaults.TypeLimits);
        var areRelated = !reader.Problems.Any;
        var limits = new AgentLimits(
            total,
            byType,
            reader.Int("cpuQuotaPercent", 1, 100) ?? Kept("cpuQuotaPercent", now.CpuQuotaPercent, defaults.CpuQuotaPercent),
            reader.String("ioPriority", IoPriority) ?? Kept("ioPriority", now.IoPriority, defaults.IoPriority),
            reader.Int("bandwidthLimitMbps", 1, AgentLimits.BandwidthCeilingMbps) ?? Kept("bandwidthLimitMbps", now.BandwidthLimitMbps, defaults.BandwidthLimitMbps));
        // A limit that was not understood relates to nothing; a field that was not reads as it is now, which is in its range.
        if (areRelated)
            limits.Check(reader.Problems);
        return limits;

        T Kept<T>(string name, T current, T cleared) => reader.IsNull(name) ? cleared : current;
    }
}
