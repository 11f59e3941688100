using Headgate.Ports;

namespace Headgate.Functions.Stores.Tenants;

/// <summary>That a tenant's pause has an end, in the list of all that have.</summary>
public static class PauseEndRow
{
    public static TableBatch Written(string tenantId, DateTimeOffset until) =>
        new(Table.Tenants, TableWrite.Upsert(new TableRow(RowKeys.PauseEnds, tenantId, new Columns(1) { { "until", until } })));

    /// <summary>Whatever the row says.</summary>
    public static TableBatch Gone(string tenantId) => new(Table.Tenants, TableWrite.DeleteIfExists(RowKeys.PauseEnds, tenantId));

    /// <summary>Only the row that was read: another pause may have written it anew.</summary>
    public static TableBatch Gone(TableRow row) => new(Table.Tenants, TableWrite.Delete(row));

    public static DateTimeOffset Until(TableRow row) => row.Columns.Time("until") ?? DateTimeOffset.MinValue;
}
