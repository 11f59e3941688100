using Headgate.Ports;

namespace Headgate.Functions.Stores.Tenants;

/// <summary>What people call a tenant.</summary>
public sealed record TenantProfile(string Name, DateTimeOffset CreatedAt);

public static class ProfileRow
{
    public static TableRow Write(string tenantId, TenantProfile profile) => new(
        tenantId,
        RowKeys.Profile,
        new Columns { { "name", profile.Name }, { "createdAt", profile.CreatedAt } });

    public static TenantProfile Read(TableRow row) =>
        new(row.Columns.Required("name"), row.Columns.Time("createdAt") ?? throw new InvalidDataException("The profile has no time."));
}
