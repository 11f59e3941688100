using Headgate.Core.Access;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Security;

/// <summary>Who is calling; a closed set.</summary>
public abstract record Caller
{
    private protected Caller(string kind, string subject, string actor, string roleName) => (Kind, Subject, Actor, RoleName) = (kind, subject, actor, roleName);

    /// <summary><c>operator</c>, <c>member</c> or <c>agent</c>.</summary>
    public string Kind { get; }

    /// <summary>The id of its key, a person's name at the issuer, or the agent's id.</summary>
    public string Subject { get; }

    /// <summary>As audit rows name the caller: <c>key:{id}</c>, <c>user:{subject}</c> or <c>agent:{id}</c>.</summary>
    public string Actor { get; }

    /// <summary>As refusals name it.</summary>
    public string RoleName { get; }

    /// <summary>When its credentials end; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>All that it may do where it may do anything.</summary>
    public virtual PermissionSet Permissions => PermissionSet.None;

    /// <summary>The caller as it stands in a tenant: a person becomes a member where it is one.</summary>
    public virtual ValueTask<Caller> InAsync(string? tenantId, CancellationToken cancellationToken) => new(this);

    /// <summary>Null if the caller is an operator.</summary>
    public Refusal? RefuseButOperators() => Refuse(Permission.PlatformOperate, tenantId: null);

    /// <summary>Null if the caller may do this in this tenant. Ask a person <see cref="InAsync"/> first.</summary>
    /// <param name="permission">What it takes.</param>
    /// <param name="tenantId">Whose it is; null: the platform's.</param>
    /// <param name="hidden">For callers who must not learn whether it exists; if null, they hear that there is no such tenant.</param>
    public Refusal? Refuse(Permission permission, string? tenantId, Refusal? hidden = null) => this switch
    {
        OperatorCaller => null,
        MemberCaller member when member.TenantId == tenantId =>
            member.May(permission) ? null : Refusals.InsufficientPermission(permission, RoleName),
        _ => hidden ?? (tenantId is null ? Refusals.InsufficientPermission(permission, RoleName) : Refusals.TenantNotFound(tenantId)),
    };

    private protected static string ActorOf(string subject, bool isPerson) => isPerson ? $"user:{subject}" : $"key:{subject}";
}

/// <summary>The platform's own: may do everything in every tenant, and is audited.</summary>
/// <param name="IsPerson">Came with a token of the issuer, not with a key.</param>
public sealed record OperatorCaller(string Subject, bool IsPerson = false) : Caller("operator", Subject, ActorOf(Subject, IsPerson), "operator")
{
    public override PermissionSet Permissions => PermissionSet.Of(PermissionMatrix.All);
}

/// <summary>Somebody of one tenant.</summary>
/// <param name="IsPerson">Came with a token of the issuer, not with a key.</param>
public sealed record MemberCaller(string Subject, string TenantId, Role Role, bool IsPerson = false) : Caller("member", Subject, ActorOf(Subject, IsPerson), Role.WireName())
{
    /// <summary>All that its key may do of what its role may; null: all of that.</summary>
    public PermissionSet? Scopes { get; init; }

    public override PermissionSet Permissions => Scopes is { } scopes ? PermissionMatrix.Of(Role).And(scopes) : PermissionMatrix.Of(Role);

    /// <summary>By role and scopes; whose tenant it is about is the asker's to compare.</summary>
    public bool May(Permission permission) => PermissionMatrix.Allows(Role, permission) && (Scopes is not { } scopes || scopes.Contains(permission));
}

/// <summary>Somebody whom the issuer knows. Which tenants have it as a member is asked for each.</summary>
public sealed record PersonCaller : Caller
{
    private readonly Memberships _memberships;

    /// <param name="subject">The issuer's name for it.</param>
    /// <param name="memberships">Finds its role in a tenant.</param>
    public PersonCaller(string subject, Memberships memberships)
        : base("member", subject, ActorOf(subject, isPerson: true), "none") => _memberships = memberships;

    public override async ValueTask<Caller> InAsync(string? tenantId, CancellationToken cancellationToken) =>
        tenantId is not null && await _memberships.RoleAsync(tenantId, Subject, cancellationToken) is { } role
            ? new MemberCaller(Subject, tenantId, role, IsPerson: true) { ExpiresAt = ExpiresAt }
            : this;
}

/// <summary>An agent, which acts only as itself.</summary>
/// <param name="TenantId">Null where it is shared and serves every tenant.</param>
public sealed record AgentCaller(string AgentId, string? TenantId) : Caller("agent", AgentId, $"agent:{AgentId}", "agent");

/// <summary>Somebody who can't be told from others yet: who they are is known only to what does not answer. May do nothing, and is told to come back.</summary>
/// <param name="Answer">What it is told.</param>
public sealed record UndecidedCaller(Refusal Answer) : Caller("none", "undecided", "undecided", "undecided")
{
    /// <summary>Its key may be the operator's, which the process was not given yet.</summary>
    internal static readonly UndecidedCaller PossibleOperator = new(Refusals.OperatorKeyUnresolved);
}
