namespace Headgate.Contracts.Agents;

/// <summary>Body of <c>POST /agents</c>. Without a tenant the agent is shared and serves all.</summary>
/// <param name="Capabilities">The task types it takes; none listed: none.</param>
public sealed record RegisterAgentRequest(
    string Name,
    string Os,
    string Arch,
    string Version,
    string? TenantId = null,
    IReadOnlyDictionary<string, string>? Labels = null,
    IReadOnlyList<string>? Capabilities = null);

/// <param name="Key">Shown once; null when the agent was known already.</param>
public sealed record AgentRegistered(string AgentId, string? Key);

/// <summary>What an agent may do at once, set by its operator and delivered with a heartbeat.</summary>
/// <param name="Version">Counts the changes.</param>
public sealed record AgentSettings(
    int MaxConcurrentTasks,
    IReadOnlyDictionary<string, int> TypeLimits,
    int CpuQuotaPercent,
    string IoPriority,
    int? BandwidthLimitMbps,
    int Version);

/// <param name="ContendedAt">When another process that uses this agent's identity was last refused; null where none has been since a process last took the agent over.</param>
public sealed record AgentView(
    string AgentId,
    string? TenantId,
    string Name,
    string Os,
    string Arch,
    string Version,
    string Status,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<string> Capabilities,
    AgentSettings Settings,
    DateTimeOffset RegisteredAt,
    DateTimeOffset? LastSeenAt,
    DateTimeOffset? ContendedAt = null);

public sealed record TypeSlots(string TaskType, int Available, int Maximum);

public sealed record TypeCount(string TaskType, int Count);

public sealed record AgentLoadView(
    string AgentId,
    string Status,
    int CurrentTasksCount,
    int MaxConcurrentTasks,
    int AvailableSlots,
    IReadOnlyList<TypeSlots> AvailableSlotsByType,
    IReadOnlyList<TypeCount> RunningTaskTypes,
    bool IsSaturated,
    DateTimeOffset? LastSeenAt);

public sealed record BackoffTask(string TaskId, string TaskType, int RetryCount, int MaxRetries, DateTimeOffset NextRetryAt, string? ErrorCategory);

public sealed record BackoffStatusView(
    string AgentId,
    int TasksInBackoff,
    DateTimeOffset? EarliestRetryAt,
    IReadOnlyList<BackoffTask> BackoffTasks,
    DateTimeOffset LastUpdatedAt);
