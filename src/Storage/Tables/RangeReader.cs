using Headgate.Ports;
using Headgate.Storage.Sqlite;

namespace Headgate.Storage.Tables;

/// <summary>
/// Reads one page of a range from memory and disk. Memory must be read first: a row that leaves it meanwhile is then found on disk. If both
/// have a row, the higher version counts.
/// </summary>
internal static class RangeReader
{
    /// <summary>A page of a range of which the disk has no row.</summary>
    public static TablePage Read(List<StoredRow> memory, TableQuery query)
    {
        var take = query.Take;
        Sort(memory);
        var rows = memory.Where(row => row.Data is not null).Take(take + 1).Select(row => row.With(query.Columns)!).ToList();
        if (rows.Count <= take)
            return new(rows, null);
        var next = rows[take];
        rows.RemoveAt(take);
        return new(rows, KeyRange.ContinueAt(next));
    }

    public static TablePage Read(Connection connection, KeyRange range, List<StoredRow> memory, TableQuery query)
    {
        Sort(memory);
        var rows = new List<TableRow>();
        var disk = RowStatements.Range(connection, range);
        try
        {
            var onDisk = disk.Step();
            var next = 0;
            while (onDisk || next < memory.Count)
            {
                var row = TakeNext(disk, ref onDisk, memory, ref next, query.Columns);
                if (row is null)
                    continue;
                if (rows.Count == query.Take)
                    return new(rows, KeyRange.ContinueAt(row));
                rows.Add(row);
            }
        }
        finally
        {
            disk.Reset();
        }

        return new(rows, null);
    }

    /// <summary>The next row in key order; null if it is deleted.</summary>
    private static TableRow? TakeNext(Statement disk, ref bool onDisk, List<StoredRow> memory, ref int next, IReadOnlyList<string>? columns)
    {
        if (!onDisk)
            return memory[next++].With(columns);
        var (partition, key, version) = (disk.Text(0), disk.Text(1), disk.Long(2));
        var order = next == memory.Count ? -1 : Compare(partition, key, memory[next].Address);
        if (order > 0)
            return memory[next++].With(columns);
        var newer = order == 0 && memory[next].Version >= version ? memory[next] : null;
        if (order == 0)
            next++;
        var row = newer is null ? StoredRow.Decode(partition, key, version, disk.Blob(3), columns) : newer.With(columns);
        onDisk = disk.Step();
        return row;
    }

    private static void Sort(List<StoredRow> rows) =>
        rows.Sort(static (left, right) => Compare(left.Address.PartitionKey, left.Address.RowKey, right.Address));

    private static int Compare(string partition, string key, in RowAddress other)
    {
        var order = KeyRules.Compare(partition, other.PartitionKey);
        return order != 0 ? order : KeyRules.Compare(key, other.RowKey);
    }
}
