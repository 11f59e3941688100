using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Core.Validation;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Keys;
using Headgate.Functions.Stores;
using Headgate.Functions.Wire;
using Headgate.Ports;

namespace Headgate.Functions.Api.Keys;

/// <summary>The field <c>scopes</c>: names of permissions, each of which the key's role has. Absent: all that the role has.</summary>
internal static class ScopesField
{
    private static readonly string[] s_names = [.. PermissionMatrix.All.Select(permission => permission.WireName())];

    /// <param name="fields">The body.</param>
    /// <param name="role">The key's; null where that is a problem itself.</param>
    public static PermissionSet? Read(ObjectReader fields, Role? role)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return fields.Strings("scopes", 1, s_names.Length, name => ProblemOf(name, role, seen)) is { } names
            ? PermissionSet.Of(names.Select(name => PermissionMatrix.TryParse(name, out var permission) ? permission : default))
            : null;
    }

    private static string? ProblemOf(string name, Role? role, HashSet<string> seen)
    {
        if (!PermissionMatrix.TryParse(name, out var permission))
            return NearestName.Of(name, s_names) is { } near ? $"is no permission; did you mean '{near}'?" : "is no permission";
        if (role is { } known && !PermissionMatrix.Allows(known, permission))
            return $"is no permission of the role {known.WireName()}";
        return seen.Add(name) ? null : "is given twice";
    }
}

/// <summary>Nobody gives away, or takes, more than they have: a member's reach ends at keys of its own role and, to give, at its own permissions.</summary>
internal static class KeyGrants
{
    public static bool Covers(Caller caller, Role role) => caller is OperatorCaller || (caller is MemberCaller member && member.Role >= role);

    public static Refusal Refuse(Permission permission, Caller caller, Role role) =>
        Refusals.InsufficientPermission(permission, caller.RoleName).With("role", role.WireName());

    /// <summary>Null where the caller may hand out such a key.</summary>
    public static Refusal? RefuseToGive(Permission permission, Caller caller, MemberCaller key)
    {
        if (!Covers(caller, key.Role))
            return Refuse(permission, caller, key.Role);
        var beyond = key.Permissions.Except(caller.Permissions);
        return beyond == PermissionSet.None ? null : Refuse(beyond.Items().First(), caller, key.Role);
    }
}

/// <summary>A tenant's key as its tenant's partition lists it: without the hash.</summary>
internal static class TenantKeyRow
{
    public static TableRow Write(string tenantId, KeyRecord key, MemberCaller holder) => new(
        tenantId,
        RowKeys.KeyOfTenant(key.KeyId),
        new Columns(7)
        {
            { "name", key.Name },
            { "role", holder.Role.WireName() },
            { "scopes", KeyRecord.WriteScopes(holder.Scopes) },
            { "createdAt", key.CreatedAt },
            { "expiresAt", key.ExpiresAt },
        });

    /// <summary>The same key, which another one takes the place of.</summary>
    public static TableRow Replaced(TableRow row, DateTimeOffset? expiresAt, string by) => row.With(new Columns(row.Columns)
    {
        ["expiresAt"] = expiresAt,
        ["replacedBy"] = by,
    });

    public static KeyView Read(TableRow row) => new(
        IdOf(row),
        row.Columns.Required("name"),
        row.Columns.Required("role"),
        CreatedAt(row),
        row.Columns.Time("expiresAt"),
        ScopesOf(row),
        row.Columns.Time("lastUsedAt"),
        row.Columns.String("replacedBy"));

    public static string IdOf(TableRow row) => row.RowKey[RowKeys.KeyPrefix.Length..];

    /// <summary>As its holder calls with it.</summary>
    /// <exception cref="InvalidDataException">The row has no known role.</exception>
    public static MemberCaller Holder(string tenantId, TableRow row, string keyId) => Roles.TryParse(row.Columns.String("role"), out var role)
        ? new MemberCaller(keyId, tenantId, role) { Scopes = KeyRecord.ReadScopes(row.Columns) }
        : throw new InvalidDataException($"The key row '{row.RowKey}' has no known role.");

    public static DateTimeOffset CreatedAt(TableRow row) => row.Columns.Time("createdAt") ?? throw new InvalidDataException("The key has no time.");

    public static IReadOnlyList<string>? NamesOf(PermissionSet? scopes) => scopes is { } set ? [.. set.Items().Select(permission => permission.WireName())] : null;

    private static IReadOnlyList<string>? ScopesOf(TableRow row) => NamesOf(KeyRecord.ReadScopes(row.Columns));
}
