namespace Headgate.Contracts.Agents;

/// <summary>Body of <c>POST /agents</c>.</summary>
/// <param name="TenantId">Null for a shared agent, which serves all tenants.</param>
/// <param name="Capabilities">The task types it takes; null or empty: none.</param>
public sealed record RegisterAgentRequest(
    string Name,
    string Os,
    string Arch,
    string Version,
    string? TenantId = null,
    IReadOnlyDictionary<string, string>? Labels = null,
    IReadOnlyList<string>? Capabilities = null);

/// <param name="Key">Shown once; null if the agent was already registered.</param>
public sealed record AgentRegistered(string AgentId, string? Key);

/// <summary>An agent's limits, set by its operator and delivered with a heartbeat.</summary>
/// <param name="Version">Increases with every change.</param>
public sealed record AgentSettings(
    int MaxConcurrentTasks,
    IReadOnlyDictionary<string, int> TypeLimits,
    int CpuQuotaPercent,
    string IoPriority,
    int? BandwidthLimitMbps,
    int Version);

/// <param name="ContendedAt">When another process with this agent's identity was last refused; null if none was since a process last took the agent over.</param>
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
/// <param name="Running">Tasks that agents hold, including offline ones until their leases end.</param>
/// <param name="InBackoff">Tasks that wait for their next retry.</param>
/// <param name="ByType">Each task type that an agent takes or holds, in order of name.</param>
/// <param name="IsComplete">False if there were too many agents, tasks or types to count all; the numbers are then too low.</param>
public sealed record AgentSummaryView(
    AgentCounts Agents,
    SlotCounts Slots,
    int Running,
    int InBackoff,
    IReadOnlyList<TypeSummary> ByType,
    bool IsComplete,
    DateTimeOffset At);

public sealed record AgentCounts(int Total, int Online, int Late, int Offline);

/// <summary>Slots of agents that are online or late.</summary>
public sealed record SlotCounts(int Total, int Available);

/// <param name="Agents">Agents that take the type.</param>
public sealed record TypeSummary(string TaskType, int Agents, int Running, int InBackoff);
