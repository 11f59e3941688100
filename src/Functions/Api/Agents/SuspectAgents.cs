using Headgate.Functions.Dispatch;
using Headgate.Functions.Runs;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Api.Agents;

/// <summary>Looks at agents on which tasks fail again and again, and tells whoever has to know of those that this puts in quarantine.</summary>
public sealed class SuspectAgents(AgentComparison comparison, AuditTrail audit, ILogger<SuspectAgents> logger)
{
    /// <param name="agentId">Who reported.</param>
    /// <param name="results">What became of its reports.</param>
    /// <param name="requestId">The request that brought them.</param>
    public async ValueTask JudgeAsync(string agentId, ReportResult[] results, string requestId)
    {
        foreach (var type in results.OfType<ReportResult.Settled>().Select(settled => settled.SuspectType).OfType<string>().Distinct())
        {
            try
            {
                if (await comparison.JudgeAsync(agentId, type, CancellationToken.None) is { } agent)
                    await TellAsync(agent.TenantId, agentId, agent.Standing.Quarantine!.Reason, requestId);
            }
            catch (StoreUnavailableException failure)
            {
                // The results are settled, and must be answered for. The next failures are compared again.
                logger.NotCompared(failure, agentId);
            }
        }
    }

    private ValueTask TellAsync(string? tenantId, string agentId, string reason, string requestId)
    {
        logger.AgentQuarantinedItself(agentId, reason);
        return audit.WriteAsync(tenantId, AgentComparison.Actor, AuditAction.AgentQuarantined, agentId, reason, requestId);
    }
}
