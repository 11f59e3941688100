using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Functions.Security.Keys;
using Headgate.Functions.Stores;
using Headgate.Ports;

namespace Headgate.Functions.Api.Keys;

/// <summary>A tenant's key as its tenant's partition lists it: without the hash.</summary>
internal static class TenantKeyRow
{
    public static TableRow Write(string tenantId, KeyRecord key, Role role) => new(
        tenantId,
        RowKeys.KeyOfTenant(key.KeyId),
        new Columns { { "name", key.Name }, { "role", role.WireName() }, { "createdAt", key.CreatedAt }, { "expiresAt", key.ExpiresAt } });

    public static KeyView Read(TableRow row) => new(
        row.RowKey[RowKeys.KeyPrefix.Length..],
        row.Columns.Required("name"),
        row.Columns.Required("role"),
        row.Columns.Time("createdAt") ?? throw new InvalidDataException("The key has no time."),
        row.Columns.Time("expiresAt"));
}
