using Headgate.Ports;

namespace Headgate.Functions.Stores.Tenants;

/// <summary>That a tenant was deleted, in the list of all that were. The tenant's profile has the last word.</summary>
public static class DeletedTenantRow
{
    public static TableBatch Written(string tenantId, DateTimeOffset at) =>
        new(Table.Tenants, TableWrite.Upsert(new TableRow(RowKeys.DeletedTenants, tenantId, new Columns(1) { { "at", at } })));

    /// <summary>Only the row that was read: the tenant may have been deleted anew.</summary>
    public static TableBatch Gone(TableRow row) => new(Table.Tenants, TableWrite.Delete(row));
}
