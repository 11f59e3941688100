using Headgate.Core.Access;
using Headgate.Functions.Admission;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;
using Headgate.Ports;

namespace Headgate.Functions.Api.Members;

/// <param name="Refusal">Null where it was done.</param>
/// <param name="Member">As it stands now; null where it is gone.</param>
/// <param name="IsNew">Was none before.</param>
internal sealed record MemberOutcome(Refusal? Refusal, Member? Member = null, bool IsNew = false);

/// <summary>
/// One change among a tenant's members, through its gate: each change rewrites the ledger, so of two at once the second decides on what the
/// first has left, in whatever processes they are.
/// </summary>
internal abstract class MemberChange(ITableStore tables, string tenantId, string subject, Caller caller) : TenantOperation<MemberOutcome>
{
    /// <summary>Of one tenant, whatever its limits say: all of them are read for each change.</summary>
    public const int MaxMembers = 1000;

    private IReadOnlyList<Member> _members = [];

    // A later change must see what an earlier one wrote.
    public override string? ExclusiveKey => "members";

    protected string TenantId => tenantId;

    protected string Subject => subject;

    protected Caller Caller => caller;

    public override async ValueTask PrepareAsync()
    {
        var page = await tables.QueryAsync(TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.MemberPrefix, MaxMembers));
        _members = [.. page.Rows.Select(MemberRow.Read)];
    }

    public sealed override TenantEdit<MemberOutcome> Decide(TenantSnapshot tenant, DateTimeOffset now) => tenant.Profile.RemovingAt is not null
        ? Refused(Refusals.BeingRemoved(tenantId))
        : Decide(tenant, _members, _members.FirstOrDefault(member => member.Subject == subject), now);

    protected abstract TenantEdit<MemberOutcome> Decide(TenantSnapshot tenant, IReadOnlyList<Member> members, Member? known, DateTimeOffset now);

    /// <summary>Nobody's reach goes above their own role.</summary>
    protected Refusal? RefuseAbove(Permission permission, Role role) =>
        caller is MemberCaller member && role > member.Role ? Refusals.InsufficientPermission(permission, caller.RoleName).With("role", role.WireName()) : null;

    /// <summary>Nor does what they give go beyond their own permissions: a key with scopes has fewer than its role.</summary>
    protected Refusal? RefuseBeyond(Role role)
    {
        var beyond = PermissionMatrix.Of(role).Except(caller.Permissions);
        return beyond == PermissionSet.None ? null : Refusals.InsufficientPermission(beyond.Items().First(), caller.RoleName).With("role", role.WireName());
    }

    protected static Refusal? RefuseLastOwner(IReadOnlyList<Member> members, Member leaving) =>
        leaving.Role == Role.Owner && members.Count(member => member.Role == Role.Owner) == 1
            ? new Refusal(409, "last-owner", "The last owner can't be removed or demoted").With("subject", leaving.Subject)
            : null;

    protected static TenantEdit<MemberOutcome> Refused(Refusal refusal) => new(new MemberOutcome(refusal));
}

/// <summary>Adds a member, or gives one another role or name.</summary>
internal sealed class PutMember(ITableStore tables, string tenantId, string subject, Caller caller, Role role, string? name, string requestId, NewestFirstIds ids)
    : MemberChange(tables, tenantId, subject, caller)
{
    protected override TenantEdit<MemberOutcome> Decide(TenantSnapshot tenant, IReadOnlyList<Member> members, Member? known, DateTimeOffset now)
    {
        var permission = known is null ? Permission.MemberInvite : Permission.MemberUpdateRole;
        var highest = known is not null && known.Role > role ? known.Role : role;
        if (RefuseAbove(permission, highest) is { } above)
            return Refused(above);
        if (known is not null && known.Role != role && Caller.Refuse(Permission.MemberUpdateRole, TenantId) is { } denied)
            return Refused(denied);
        if (known?.Role != role && RefuseBeyond(role) is { } beyond)
            return Refused(beyond);
        if (known is null && CountedLimit.Members.Refuse(tenant, members.Count, now) is { } full)
            return Refused(full);
        if (known is not null && role != Role.Owner && RefuseLastOwner(members, known) is { } last)
            return Refused(last);

        var member = new Member(Subject, role, name, known?.AddedAt ?? now);
        var outcome = new MemberOutcome(null, member, known is null);
        if (member == known)
            return new(outcome);
        var audit = new AuditEntry(TenantId, now, Caller.Actor, known is null ? AuditAction.MemberAdded : AuditAction.MemberChanged, Subject, role.WireName(), requestId);
        return new(outcome, tenant.Ledger)
        {
            Writes = [TableWrite.Upsert(MemberRow.Write(TenantId, member))],
            Following = [audit.ToBatch(ids)],
        };
    }
}

/// <summary>Removes a member.</summary>
internal sealed class RemoveMember(ITableStore tables, string tenantId, string subject, Caller caller, string requestId, NewestFirstIds ids)
    : MemberChange(tables, tenantId, subject, caller)
{
    protected override TenantEdit<MemberOutcome> Decide(TenantSnapshot tenant, IReadOnlyList<Member> members, Member? known, DateTimeOffset now)
    {
        if (known is null)
            return Refused(Refusals.MemberNotFound(Subject));
        if (RefuseAbove(Permission.MemberRemove, known.Role) is { } above)
            return Refused(above);
        if (RefuseLastOwner(members, known) is { } last)
            return Refused(last);
        var audit = new AuditEntry(TenantId, now, Caller.Actor, AuditAction.MemberRemoved, Subject, known.Role.WireName(), requestId);
        return new(new MemberOutcome(null), tenant.Ledger)
        {
            Writes = [TableWrite.DeleteIfExists(TenantId, MemberRow.Key(Subject))],
            Following = [audit.ToBatch(ids)],
        };
    }
}
