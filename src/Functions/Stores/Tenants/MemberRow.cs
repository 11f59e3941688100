using Headgate.Core.Access;
using Headgate.Ports;

namespace Headgate.Functions.Stores.Tenants;

/// <summary>A person of a tenant.</summary>
/// <param name="Subject">The issuer's name for it.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Name">For people; null where nobody gave one.</param>
/// <param name="AddedAt">Since when.</param>
public sealed record Member(string Subject, Role Role, string? Name, DateTimeOffset AddedAt);

public static class MemberRow
{
    public static string Key(string subject) => RowKeys.MemberPrefix + subject;

    public static TableRow Write(string tenantId, Member member) => new(
        tenantId,
        Key(member.Subject),
        new Columns(3) { { "role", member.Role.WireName() }, { "name", member.Name }, { "addedAt", member.AddedAt } });

    /// <exception cref="InvalidDataException">The row has no known role: it is refused rather than guessed at.</exception>
    public static Member Read(TableRow row) => new(
        row.RowKey[RowKeys.MemberPrefix.Length..],
        Roles.TryParse(row.Columns.String("role"), out var role) ? role : throw new InvalidDataException($"The member row '{row.RowKey}' has no known role."),
        row.Columns.String("name"),
        row.Columns.Time("addedAt") ?? DateTimeOffset.UnixEpoch);
}
