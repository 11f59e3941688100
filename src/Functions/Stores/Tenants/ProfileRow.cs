using Headgate.Ports;

namespace Headgate.Functions.Stores.Tenants;

/// <summary>What people call a tenant, and how old it is.</summary>
/// <param name="DeletedAt">When it was deleted; null where it was not. Its rows are removed some days later.</param>
/// <param name="RemovingAt">When the removal of its rows began; null where it did not. From then on nothing takes the deletion back.</param>
public sealed record TenantProfile(string Name, DateTimeOffset CreatedAt, DateTimeOffset? DeletedAt = null, DateTimeOffset? RemovingAt = null);

public static class ProfileRow
{
    public static TableRow Write(string tenantId, TenantProfile profile) => new(
        tenantId,
        RowKeys.Profile,
        new Columns { { "name", profile.Name }, { "createdAt", profile.CreatedAt }, { "deletedAt", profile.DeletedAt }, { "removingAt", profile.RemovingAt } });

    public static TenantProfile Read(TableRow row) => new(
        row.Columns.Required("name"),
        row.Columns.Time("createdAt") ?? throw new InvalidDataException("The profile has no time."),
        row.Columns.Time("deletedAt"),
        row.Columns.Time("removingAt"));
}
