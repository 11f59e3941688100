namespace Headgate.Functions.Security.Audit;

/// <summary>Everything that can stand in an audit as what was done.</summary>
public enum AuditAction
{
    TenantCreated,
    TenantUpdated,
    TenantPaused,
    TenantResumed,
    TenantSuspended,
    TenantActivated,
    TenantDeactivated,
    TenantDeleted,
    TenantRemoved,
    KeyCreated,
    KeyRotated,
    KeyRevoked,
    MemberAdded,
    MemberChanged,
    MemberRemoved,
    PolicyWritten,
    PolicyDeleted,
    ScheduleWritten,
    ScheduleDeleted,
    ResourceWritten,
    ResourceHeld,
    ResourceReleased,
    RunSubmitted,
    RunCancelled,
    DeadLetterReplayed,
    DeadLetterDismissed,
    AgentRegistered,
    AgentRemoved,
    AgentSettingsChanged,
    AgentContended,
    AgentFollowed,
    AgentDrained,
    AgentUndrained,
    AgentQuarantined,
    AgentReleased,
    AlertSilenced,
    AlertUnsilenced,
    MessagesResent,
}

/// <summary>The words for them: what was acted on, a dot, what happened to it.</summary>
public static class AuditActions
{
    private static readonly string[] s_names =
    [
        "tenant.created",
        "tenant.updated",
        "tenant.paused",
        "tenant.resumed",
        "tenant.suspended",
        "tenant.activated",
        "tenant.deactivated",
        "tenant.deleted",
        "tenant.removed",
        "key.created",
        "key.rotated",
        "key.revoked",
        "member.added",
        "member.changed",
        "member.removed",
        "policy.written",
        "policy.deleted",
        "schedule.written",
        "schedule.deleted",
        "resource.written",
        "resource.held",
        "resource.released",
        "run.submitted",
        "run.cancelled",
        "dead-letter.replayed",
        "dead-letter.dismissed",
        "agent.registered",
        "agent.removed",
        "agent.settings-changed",
        "agent.contended",
        "agent.followed",
        "agent.drained",
        "agent.undrained",
        "agent.quarantined",
        "agent.released",
        "alert.silenced",
        "alert.unsilenced",
        "messages.resent",
    ];

    /// <summary>In the order of the enumeration.</summary>
    public static IReadOnlyList<string> WireNames => s_names;

    public static string WireName(this AuditAction action) => s_names[(int)action];
}
