using Headgate.Ports;

namespace Headgate.Functions.Stores.Tenants;

/// <summary>What people call a tenant, and how old it is.</summary>
/// <param name="DeletedAt">When it was deleted; null where it was not. Its rows are removed some days later.</param>
public sealed record TenantProfile(string Name, DateTimeOffset CreatedAt, DateTimeOffset? DeletedAt = null);

public static class ProfileRow
{
    public static TableRow Write(string tenantId, TenantProfile profile) => new(
        tenantId,
        RowKeys.Profile,
        new Columns { { "name", profile.Name }, { "createdAt", profile.CreatedAt }, { "deletedAt", profile.DeletedAt } });

    public static TenantProfile Read(TableRow row) =>
        new(row.Columns.Required("name"), row.Columns.Time("createdAt") ?? throw new InvalidDataException("The profile has no time."), row.Columns.Time("deletedAt"));
}
