using System.Text.Json.Serialization;

namespace Headgate.Contracts.Agents;

public sealed record DiskReport(string MountPath, long FreeBytes, long TotalBytes);

/// <summary>An attempt the agent holds.</summary>
/// <param name="Progress">As its program tells; absent if it tells nothing.</param>
public sealed record RunningAttempt(
    string TaskId, int Attempt, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TaskProgress? Progress = null);

public sealed record LoadReport(double? CpuPercent = null, double? MemoryPercent = null, int? FreeSlots = null);

/// <summary>Body of <c>POST /agents/{a}/heartbeat</c>. Renews the leases of the attempts in <paramref name="Running"/>.</summary>
/// <param name="Session">New at every start of the agent. Attempts of an earlier session that are not listed are lost. Equal to the header <see cref="AgentSession.Header"/>.</param>
/// <param name="Ended">Ends the session: it gets no more tasks, attempts not listed are lost, and another session may take over at once.</param>
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

/// <param name="Settings">Null if the agent has the current version.</param>
/// <param name="Cancel">Tasks to stop and report as cancelled.</param>
/// <param name="Lost">Tasks that the agent no longer holds: stop them and report nothing.</param>
public sealed record HeartbeatAnswer(int NextHeartbeatSeconds, AgentSettings? Settings, IReadOnlyList<string> Cancel, IReadOnlyList<string> Lost);
