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

/// <summary>All agents of all owners, for operators.</summary>
/// <param name="Running">Tasks that agents hold, those of offline ones included until their leases have ended.</param>
/// <param name="InBackoff">Tasks that wait for their next retry.</param>
/// <param name="ByType">Each task type that an agent takes or has had, by name.</param>
/// <param name="IsComplete">False where there are more agents, tasks or types than are counted; the numbers are then too low.</param>
public sealed record AgentSummaryView(
    AgentCounts Agents,
    SlotCounts Slots,
    int Running,
    int InBackoff,
    IReadOnlyList<TypeSummary> ByType,
    bool IsComplete,
    DateTimeOffset At);

public sealed record AgentCounts(int Total, int Online, int Late, int Offline);

/// <summary>Of agents that are online or late: an offline one takes nothing.</summary>
public sealed record SlotCounts(int Total, int Available);

/// <param name="Agents">Agents that take the type.</param>
public sealed record TypeSummary(string TaskType, int Agents, int Running, int InBackoff);
