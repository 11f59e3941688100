namespace Headgate.Core.Access;

/// <summary>Everything a caller can be allowed to do.</summary>
public enum Permission
{
    TenantRead,
    TenantUpdate,
    TenantDelete,
    TenantBilling,
    MemberRead,
    MemberInvite,
    MemberRemove,
    MemberUpdateRole,
    RepoRead,
    RepoConnect,
    RepoDisconnect,
    RepoSettings,
    RunRead,
    RunCreate,
    RunCancel,
    SettingsRead,
    SettingsUpdate,
    AgentRead,
    AgentCreate,
    AgentUpdate,
    AgentDelete,
    DeadLetterRead,
    DeadLetterReplay,
    KeyRead,
    KeyCreate,
    KeyRotate,
    KeyRevoke,
    AuditRead,

    /// <summary>For the platform's operator; no tenant role holds it.</summary>
    PlatformOperate,
}
