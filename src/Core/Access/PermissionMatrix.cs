namespace Headgate.Core.Access;

/// <summary>Each permission's wire name and the least role that holds it.</summary>
public static class PermissionMatrix
{
    private static readonly (Permission Permission, string WireName, Role? Least)[] Table =
    [
        (Permission.TenantRead, "tenant:read", Role.Viewer),
        (Permission.TenantUpdate, "tenant:update", Role.Admin),
        (Permission.TenantDelete, "tenant:delete", Role.Owner),
        (Permission.TenantBilling, "tenant:billing", Role.Owner),
        (Permission.MemberRead, "member:read", Role.Admin),
        (Permission.MemberInvite, "member:invite", Role.Admin),
        (Permission.MemberRemove, "member:remove", Role.Admin),
        (Permission.MemberUpdateRole, "member:update_role", Role.Owner),
        (Permission.RepoRead, "repo:read", Role.Viewer),
        (Permission.RepoConnect, "repo:connect", Role.Admin),
        (Permission.RepoDisconnect, "repo:disconnect", Role.Admin),
        (Permission.RepoSettings, "repo:settings", Role.Developer),
        (Permission.RunRead, "run:read", Role.Viewer),
        (Permission.RunCreate, "run:create", Role.Developer),
        (Permission.RunCancel, "run:cancel", Role.Developer),
        (Permission.SettingsRead, "settings:read", Role.Viewer),
        (Permission.SettingsUpdate, "settings:update", Role.Admin),
        (Permission.AgentRead, "agent:read", Role.Admin),
        (Permission.AgentCreate, "agent:create", Role.Admin),
        (Permission.AgentUpdate, "agent:update", Role.Admin),
        (Permission.AgentDelete, "agent:delete", Role.Admin),
        (Permission.DeadLetterRead, "deadletter:read", Role.Viewer),
        (Permission.DeadLetterReplay, "deadletter:replay", Role.Developer),
        (Permission.KeyRead, "key:read", Role.Admin),
        (Permission.KeyCreate, "key:create", Role.Admin),
        (Permission.KeyRotate, "key:rotate", Role.Admin),
        (Permission.KeyRevoke, "key:revoke", Role.Admin),
        (Permission.AuditRead, "audit:read", Role.Admin),
        (Permission.PlatformOperate, "platform:operate", null),
    ];

    /// <summary>False for unknown roles and permissions.</summary>
    public static bool Allows(Role role, Permission permission) =>
        (uint)permission < (uint)Table.Length && Table[(int)permission].Least is { } least && role >= least && role <= Role.Owner;

    /// <summary>All that a role may do.</summary>
    public static PermissionSet Of(Role role) => PermissionSet.Of(Table.Where(row => Allows(role, row.Permission)).Select(row => row.Permission));

    /// <summary>All there are, in the order of the enumeration.</summary>
    public static IReadOnlyList<Permission> All { get; } = [.. Table.Select(row => row.Permission)];

    /// <summary>The name in refusals, such as <c>run:create</c>.</summary>
    public static string WireName(this Permission permission) => Table[(int)permission].WireName;

    /// <summary>Exact names only.</summary>
    public static bool TryParse(string name, out Permission permission)
    {
        foreach (var row in Table)
        {
            if (row.WireName != name)
                continue;
            permission = row.Permission;
            return true;
        }

        permission = default;
        return false;
    }
}
