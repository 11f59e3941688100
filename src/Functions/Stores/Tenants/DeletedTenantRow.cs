using Headgate.Ports;

namespace Headgate.Functions.Stores.Tenants;

/// <summary>That a tenant was deleted, in the list of all that were. The tenant's profile has the last word.</summary>
public static class DeletedTenantRow
{
    /// <param name="actor">Who deleted it: the tenant's own audit goes with the tenant.</param>
    public static TableBatch Written(string tenantId, DateTimeOffset at, string actor) =>
        new(Table.Tenants, TableWrite.Upsert(new TableRow(RowKeys.DeletedTenants, tenantId, new Columns(2) { { "at", at }, { "actor", actor } })));

    public static DateTimeOffset At(TableRow row) => row.Columns.Time("at") ?? DateTimeOffset.MinValue;

    /// <summary>Null in rows of older builds.</summary>
    public static string? Actor(TableRow row) => row.Columns.String("actor");

    /// <summary>Only the row that was read: the tenant may have been deleted anew.</summary>
    public static TableBatch Gone(TableRow row) => new(Table.Tenants, TableWrite.Delete(row));
}
