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
public sealed record AgentRegistered(string AgentId, string? Key)
{
    /// <summary>Without the key: texts of records end in logs.</summary>
    public override string ToString() => $"{nameof(AgentRegistered)} {{ {nameof(AgentId)} = {AgentId} }}";
}

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
/// <param name="Status"><c>online</c>, <c>late</c> or <c>offline</c>, by the time since its last heartbeat.</param>
/// <param name="State"><c>active</c>, <c>draining</c> or <c>quarantined</c>; in the last two it gets no new tasks and finishes those it holds.</param>
/// <param name="DrainedAt">Since when it drains; null if it doesn't.</param>
/// <param name="Quarantine">Null if it is not in quarantine.</param>
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
    DateTimeOffset? ContendedAt = null,
    string State = "active",
    DateTimeOffset? DrainedAt = null,
    QuarantineView? Quarantine = null);

/// <param name="By">A caller, as audits name it, or <c>service</c>.</param>
public sealed record QuarantineView(string Reason, string By, DateTimeOffset At);

/// <summary>Body of <c>POST /agents/{a}/quarantine</c>.</summary>
/// <param name="Reason">1..500 characters.</param>
public sealed record QuarantineRequest(string Reason);

public sealed record TypeSlots(string TaskType, int Available, int Maximum);

public sealed record TypeCount(string TaskType, int Count);

/// <param name="AvailableSlots">Free slots by its limits, even if its state lets it get no tasks.</param>
/// <param name="State"><c>active</c>, <c>draining</c> or <c>quarantined</c>; in the last two it gets no tasks.</param>
/// <param name="PredictedFreeSlotSeconds">Until a slot is expected to be free; 0 if one is, null if unknown.</param>
/// <param name="CpuPercent">A mean over about the last 30 s; null if it reports none.</param>
/// <param name="MemoryPercent">A mean over about the last 30 s; null if it reports none.</param>
/// <param name="ReportedFreeSlots">Slots that its last heartbeat offered, perhaps fewer than its limits allow; null if it did not say.</param>
public sealed record AgentLoadView(
    string AgentId,
    string Status,
    int CurrentTasksCount,
    int MaxConcurrentTasks,
    int AvailableSlots,
    IReadOnlyList<TypeSlots> AvailableSlotsByType,
    IReadOnlyList<TypeCount> RunningTaskTypes,
    bool IsSaturated,
    DateTimeOffset? LastSeenAt,
    string State = "active",
    double? PredictedFreeSlotSeconds = null,
    double? CpuPercent = null,
    double? MemoryPercent = null,
    int? ReportedFreeSlots = null);

public sealed record BackoffTask(string TaskId, string TaskType, int RetryCount, int MaxRetries, DateTimeOffset NextRetryAt, string? ErrorCategory);

public sealed record BackoffStatusView(
    string AgentId,
    int TasksInBackoff,
    DateTimeOffset? EarliestRetryAt,
    IReadOnlyList<BackoffTask> BackoffTasks,
    DateTimeOffset LastUpdatedAt);

/// <summary>A tenant's tasks in backoff, on all agents.</summary>
/// <param name="BackoffTasks">Soonest first, at most 100.</param>
/// <param name="IsComplete">False if there were too many agents or tasks to count all; tasks may then be missing.</param>
/// <param name="LastUpdatedAt">When they were counted, at most a second ago.</param>
public sealed record TenantBackoffView(
    string TenantId,
    int TasksInBackoff,
    DateTimeOffset? EarliestRetryAt,
    IReadOnlyList<BackoffTask> BackoffTasks,
    bool IsComplete,
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

/// <summary>Each agent is counted once: as draining or quarantined if it is, else by its status.</summary>
public sealed record AgentCounts(int Total, int Online, int Late, int Offline, int Draining, int Quarantined);

/// <summary>Slots of agents counted as online or late.</summary>
public sealed record SlotCounts(int Total, int Available);

/// <param name="Agents">Agents that take the type.</param>
public sealed record TypeSummary(string TaskType, int Agents, int Running, int InBackoff);
