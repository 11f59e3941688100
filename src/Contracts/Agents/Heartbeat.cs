using System.Text.Json.Serialization;

namespace Headgate.Contracts.Agents;

public sealed record DiskReport(string MountPath, long FreeBytes, long TotalBytes);

/// <summary>An attempt the agent holds.</summary>
public sealed record RunningAttempt(string TaskId, int Attempt);

public sealed record LoadReport(double? CpuPercent = null, double? MemoryPercent = null, int? FreeSlots = null);

/// <summary>Body of <c>POST /agents/{a}/heartbeat</c>. Renews the leases of what it lists.</summary>
/// <param name="Session">New at every start of the agent: what an earlier session held and this one does not list is lost. Also in the header <see cref="AgentSession.Header"/>.</param>
/// <param name="Ended">The session ends with this: nothing more is handed out to it, what it does not list it does not have, and another may follow at once.</param>
public sealed record HeartbeatRequest(
    string Version,
    string Os,
    double UptimeSeconds,
    IReadOnlyList<DiskReport>? Disks = null,
    IReadOnlyList<RunningAttempt>? Running = null,
    int? SettingsVersion = null,
    string? Session = null,
    LoadReport? Load = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Ended = null);

/// <param name="Settings">Present when the agent's version of them is not the current one.</param>
/// <param name="Cancel">Tasks to stop and report as cancelled.</param>
/// <param name="Lost">Tasks that are no longer this agent's: stop them and report nothing.</param>
public sealed record HeartbeatAnswer(int NextHeartbeatSeconds, AgentSettings? Settings, IReadOnlyList<string> Cancel, IReadOnlyList<string> Lost);
