using System.Text.Json.Nodes;
using Headgate.Contracts;
using Headgate.Contracts.Agents;

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
