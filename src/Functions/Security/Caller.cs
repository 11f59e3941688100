using Headgate.Core.Access;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Security;

/// <summary>Who is calling; a closed set.</summary>
public abstract record Caller
{
    private protected Caller(string actor, string roleName) => (Actor, RoleName) = (actor, roleName);

    /// <summary>As audit rows name the caller: <c>key:{id}</c> or <c>agent:{id}</c>.</summary>
    public string Actor { get; }

    /// <summary>As refusals name it.</summary>
    public string RoleName { get; }

    /// <summary>Null if the caller is an operator.</summary>
    public Refusal? RefuseButOperators() => Refuse(Permission.PlatformOperate, tenantId: null);

    /// <summary>Null if the caller may do this in this tenant.</summary>
    /// <param name="permission">What it takes.</param>
    /// <param name="tenantId">Whose it is; null: the platform's.</param>
    /// <param name="hidden">For callers who must not learn whether it exists; if null, they hear that there is no such tenant.</param>
    public Refusal? Refuse(Permission permission, string? tenantId, Refusal? hidden = null) => this switch
    {
        OperatorCaller => null,
        MemberCaller member when member.TenantId == tenantId =>
            PermissionMatrix.Allows(member.Role, permission) ? null : Refusals.InsufficientPermission(permission, RoleName),
        _ => hidden ?? (tenantId is null ? Refusals.InsufficientPermission(permission, RoleName) : Refusals.TenantNotFound(tenantId)),
    };
}

/// <summary>The platform's own: may do everything in every tenant, and is audited.</summary>
public sealed record OperatorCaller(string KeyId) : Caller($"key:{KeyId}", "operator");

/// <summary>Somebody of one tenant.</summary>
public sealed record MemberCaller(string KeyId, string TenantId, Role Role) : Caller($"key:{KeyId}", Role.WireName());

/// <summary>An agent, which acts only as itself.</summary>
/// <param name="TenantId">Null where it is shared and serves every tenant.</param>
public sealed record AgentCaller(string AgentId, string? TenantId) : Caller($"agent:{AgentId}", "agent");

/// <summary>Somebody whose key may be the operator's, which the process was not given yet. May do nothing, and is told to come back.</summary>
public sealed record PossibleOperatorCaller() : Caller("key:unresolved", "unresolved")
{
    internal static readonly PossibleOperatorCaller Instance = new();
}
