using Headgate.Storage.Sqlite;
using Headgate.Storage.Tables.InMemory;

namespace Headgate.Storage.Tables;

/// <summary>All SQL on the SQLite table <c>rows</c>, in which every table of the store is kept: table, partition key, row key, version, data.</summary>
internal static class RowStatements
{
    private static readonly Sql PutRow = new(
        "INSERT INTO rows(tab, pk, rk, version, data) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET version = excluded.version, data = excluded.data");

    private static readonly Sql DeleteRow = new("DELETE FROM rows WHERE tab = ?1 AND pk = ?2 AND rk = ?3");
    private static readonly Sql FindRow = new("SELECT version, data FROM rows WHERE tab = ?1 AND pk = ?2 AND rk = ?3");

    private static readonly Sql RowBefore = new("SELECT pk, rk FROM rows WHERE tab = ?1 AND (pk, rk) < (?2, ?3) ORDER BY pk DESC, rk DESC LIMIT 1");
    private static readonly Sql RowAfter = new("SELECT pk, rk FROM rows WHERE tab = ?1 AND (pk, rk) > (?2, ?3) ORDER BY pk, rk LIMIT 1");

    private static readonly Sql PartitionRange = new(
        "SELECT pk, rk, version, data FROM rows WHERE tab = ?1 AND pk = ?2 AND rk >= ?3 ORDER BY rk");

    private static readonly Sql PartitionRangeBefore = new(
        "SELECT pk, rk, version, data FROM rows WHERE tab = ?1 AND pk = ?2 AND rk >= ?3 AND rk < ?4 ORDER BY rk");

    private static readonly Sql TableRange = new(
        "SELECT pk, rk, version, data FROM rows WHERE tab = ?1 AND (pk, rk) >= (?2, ?3) AND rk >= ?4 AND (?5 IS NULL OR rk < ?5) ORDER BY pk, rk");

    public static void Write(Connection connection, StoredRow row)
    {
        if (row.Data is { } data)
            Address(connection.Prepare(PutRow), row.Address).Bind(4, row.Version).Bind(5, data).Run();
        else
            Address(connection.Prepare(DeleteRow), row.Address).Run();
    }

    public static StoredRow? Find(Connection connection, in RowAddress address)
    {
        var statement = Address(connection.Prepare(FindRow), address);
        if (!statement.Step())
            return null;
        var row = new StoredRow(address, statement.Long(0), statement.Blob(1).ToArray());
        statement.Reset();
        return row;
    }

    /// <summary>The gap between the rows before and after an address that has no row.</summary>
    public static EmptyRange FindEmpty(Connection connection, in RowAddress address) =>
        new(address.Table, Neighbour(connection.Prepare(RowBefore), address), Neighbour(connection.Prepare(RowAfter), address));

    /// <summary>A query of partition key, row key, version and data, in key order. The caller must reset it.</summary>
    public static Statement Range(Connection connection, KeyRange range)
    {
        if (range.PartitionKey is null)
            return Start(connection.Prepare(TableRange), range).Bind(4, range.From).Bind(5, range.Before);
        return range.Before is null
            ? Start(connection.Prepare(PartitionRange), range)
            : Start(connection.Prepare(PartitionRangeBefore), range).Bind(4, range.Before);
    }

    private static RowAddress? Neighbour(Statement statement, in RowAddress address)
    {
        if (!Address(statement, address).Step())
            return null;
        var neighbour = new RowAddress(address.Table, statement.Text(0), statement.Text(1));
        statement.Reset();
        return neighbour;
    }

    private static Statement Start(Statement statement, KeyRange range) =>
        statement.Bind(1, (long)range.Table).Bind(2, range.StartPartition).Bind(3, range.StartRow);

    private static Statement Address(Statement statement, in RowAddress address) =>
        statement.Bind(1, (long)address.Table).Bind(2, address.PartitionKey).Bind(3, address.RowKey);
}
