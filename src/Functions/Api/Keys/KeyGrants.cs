using Headgate.Core.Access;
using Headgate.Functions.Security;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Api.Keys;

/// <summary>Nobody gives away, or takes, more than they have: a member's reach ends at keys of its own role.</summary>
internal static class KeyGrants
{
    public static bool Covers(Caller caller, Role role) => caller is OperatorCaller || (caller is MemberCaller member && member.Role >= role);

    public static Refusal Refuse(Permission permission, Caller caller, Role role) =>
        Refusals.InsufficientPermission(permission, caller.RoleName).With("role", role.WireName());
}
