using System.Text.Json;
using System.Text.Json.Nodes;
using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Contracts.Runs;
using Headgate.Contracts.Tenants;

namespace Headgate.Client.Calls;

/// <summary>Agents, as those who own them see them.</summary>
public sealed class AgentCalls
{
    private readonly Wire _wire;

    internal AgentCalls(Wire wire) => _wire = wire;

    public Task<AgentRegistered> RegisterAsync(RegisterAgentRequest agent, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Post, "agents", agent, ContractJson.Default.RegisterAgentRequest, ContractJson.Default.AgentRegistered, cancellationToken);

    /// <summary>Agents that the caller may see.</summary>
    /// <param name="tenantId">Null: all that the caller may see.</param>
    public IAsyncEnumerable<AgentView> ListAsync(string? tenantId = null, CancellationToken cancellationToken = default) =>
        _wire.ListAsync("agents" + (tenantId is null ? "" : Wire.Path($"?tenant={tenantId}")), ContractJson.Default.PageAgentView, cancellationToken);

    public Task<AgentView> GetAsync(string agentId, CancellationToken cancellationToken = default) =>
        _wire.GetAsync(Of(agentId), ContractJson.Default.AgentView, cancellationToken);

    public Task RemoveAsync(string agentId, CancellationToken cancellationToken = default) => _wire.SendAsync(HttpMethod.Delete, Of(agentId), null, cancellationToken);

    /// <summary>Changes limits and quotas; delivered with the next heartbeat.</summary>
    /// <param name="changes">Fields that are absent stay; null clears.</param>
    public Task<AgentSettings> ChangeSettingsAsync(string agentId, JsonObject changes, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Patch, Of(agentId) + "/settings", TenantCalls.Bytes(changes), ContractJson.Default.AgentSettings, cancellationToken);

    public Task<AgentLoadView> LoadAsync(string agentId, CancellationToken cancellationToken = default) =>
        _wire.GetAsync(Of(agentId) + "/load", ContractJson.Default.AgentLoadView, cancellationToken);

    public Task<BackoffStatusView> BackoffStatusAsync(string agentId, CancellationToken cancellationToken = default) =>
        _wire.GetAsync(Of(agentId) + "/backoff-status", ContractJson.Default.BackoffStatusView, cancellationToken);

    public Task<AgentSummaryView> SummaryAsync(CancellationToken cancellationToken = default) =>
        _wire.GetAsync("agents/summary", ContractJson.Default.AgentSummaryView, cancellationToken);

    /// <summary>No new work; what runs ends.</summary>
    public Task<AgentView> DrainAsync(string agentId, CancellationToken cancellationToken = default) => MoveAsync(agentId, "drain", null, cancellationToken);

    public Task<AgentView> UndrainAsync(string agentId, CancellationToken cancellationToken = default) => MoveAsync(agentId, "undrain", null, cancellationToken);

    public Task<AgentView> QuarantineAsync(string agentId, string reason, CancellationToken cancellationToken = default) =>
        MoveAsync(agentId, "quarantine", TenantCalls.Reason(reason), cancellationToken);

    public Task<AgentView> ReleaseAsync(string agentId, CancellationToken cancellationToken = default) => MoveAsync(agentId, "release", null, cancellationToken);

    private Task<AgentView> MoveAsync(string agentId, string move, JsonObject? body, CancellationToken cancellationToken) =>
        _wire.SendAsync(HttpMethod.Post, $"{Of(agentId)}/{move}", body is null ? null : TenantCalls.Bytes(body), ContractJson.Default.AgentView, cancellationToken);

    private static string Of(string agentId) => Wire.Path($"agents/{agentId}");
}

/// <summary>Tasks that failed for good.</summary>
public sealed class DeadLetterCalls
{
    private readonly Wire _wire;

    internal DeadLetterCalls(Wire wire) => _wire = wire;

    public IAsyncEnumerable<DeadLetterView> ListAsync(string tenantId, CancellationToken cancellationToken = default) =>
        _wire.ListAsync(Wire.Path($"tenants/{tenantId}/dead-letters"), ContractJson.Default.PageDeadLetterView, cancellationToken);

    /// <summary>A new run, through the same gate.</summary>
    public Task<RunAccepted> ReplayAsync(string tenantId, string deadLetterId, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Post, Of(tenantId, deadLetterId) + "/replay", null, ContractJson.Default.RunAccepted, cancellationToken);

    public Task DismissAsync(string tenantId, string deadLetterId, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Delete, Of(tenantId, deadLetterId), null, cancellationToken);

    private static string Of(string tenantId, string deadLetterId) => Wire.Path($"tenants/{tenantId}/dead-letters/{deadLetterId}");
}

/// <summary>The service itself.</summary>
public sealed class OperationCalls
{
    private readonly Wire _wire;

    internal OperationCalls(Wire wire) => _wire = wire;

    /// <summary>Who the key is, and what it may do.</summary>
    public Task<MeView> WhoAmIAsync(CancellationToken cancellationToken = default) => _wire.GetAsync("me", ContractJson.Default.MeView, cancellationToken);

    public Task<AlertsView> AlertsAsync(CancellationToken cancellationToken = default) => _wire.GetAsync("alerts", ContractJson.Default.AlertsView, cancellationToken);

    /// <param name="until">Null ends a silence.</param>
    /// <summary>Nobody is told of the alert until then.</summary>
    public Task SilenceAsync(string ruleId, DateTimeOffset? until, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Post, Wire.Path($"alerts/{ruleId}/silence"), JsonSerializer.SerializeToUtf8Bytes(new SilenceRequest(until), ContractJson.Default.SilenceRequest), cancellationToken);

    public Task<QueuesView> QueuesAsync(CancellationToken cancellationToken = default) => _wire.GetAsync("queues", ContractJson.Default.QueuesView, cancellationToken);

    /// <summary>Whether the service reaches its stores.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await _wire.SendAsync(HttpMethod.Get, "ready", null, cancellationToken);
            return true;
        }
        catch (HeadgateException)
        {
            return false;
        }
    }
}
