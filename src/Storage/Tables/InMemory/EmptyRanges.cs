using Headgate.Ports;

namespace Headgate.Storage.Tables.InMemory;

/// <summary>
/// Key ranges between two neighbouring rows, in which the disk has no row and need not be asked. When a row is written inside a range, the
/// part before that row stays, because newer keys mostly sort first. Guarded by the store.
/// </summary>
internal sealed class EmptyRanges
{
    private const int Max = 8192;

    // Disjoint, in order.
    private readonly List<EmptyRange> _ranges = [];

    public bool Contains(in RowAddress address)
    {
        var at = At(address);
        return at >= 0 && _ranges[at].Contains(address);
    }

    /// <summary>Whether the disk has no row of a partition from one key, inclusive, to another, exclusive; null: to the end.</summary>
    public bool Covers(Table table, string partition, string from, string? before)
    {
        var first = new RowAddress(table, partition, from);
        var at = At(first);
        if (at < 0 || !_ranges[at].Contains(first))
            return false;
        if (_ranges[at].After is not { } after)
            return true;
        var order = KeyRules.Compare(after.PartitionKey, partition);
        return order > 0 || (order == 0 && before is not null && KeyRules.Compare(after.RowKey, before) >= 0);
    }

    public void Add(EmptyRange range)
    {
        if (_ranges.Count >= Max)
            _ranges.Clear();
        var first = range.Before is { } before ? At(before) + 1 : First(range.Table);
        var end = first;
        while (end < _ranges.Count && _ranges[end].Table == range.Table && (range.After is not { } after || Starts(_ranges[end], after) < 0))
            end++;
        // Known ranges never overlap the new one partly, because its ends are rows.
        if (first > 0 && _ranges[first - 1].Table == range.Table && Equals(_ranges[first - 1].Before, range.Before))
            first--;
        _ranges.RemoveRange(first, end - first);
        _ranges.Insert(first, range);
    }

    /// <summary>A row is in the tables now.</summary>
    public void Cut(in RowAddress address)
    {
        var at = At(address);
        if (at >= 0 && _ranges[at].Contains(address))
            _ranges[at] = _ranges[at] with { After = address };
    }

    /// <returns>Index of the last range that starts before the address, in its table or an earlier one; -1 if none.</returns>
    private int At(in RowAddress address)
    {
        var (low, high) = (0, _ranges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Starts(_ranges[middle], address) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low - 1;
    }

    private int First(Table table)
    {
        var at = _ranges.FindIndex(range => range.Table >= table);
        return at < 0 ? _ranges.Count : at;
    }

    private static int Starts(in EmptyRange range, in RowAddress address)
    {
        var order = (int)range.Table - (int)address.Table;
        if (order != 0)
            return order;
        return range.Before is { } before ? EmptyRange.Compare(before, address) : -1;
    }
}

/// <summary>No row of a table lies between two addresses, both exclusive.</summary>
/// <param name="Table">The table.</param>
/// <param name="Before">Null: from the table's start.</param>
/// <param name="After">Null: to the table's end.</param>
internal readonly record struct EmptyRange(Table Table, RowAddress? Before, RowAddress? After)
{
    public bool Contains(in RowAddress address) => address.Table == Table
        && (Before is not { } before || Compare(before, address) < 0)
        && (After is not { } after || Compare(address, after) < 0);

    /// <summary>The key order of two rows of one table.</summary>
    public static int Compare(in RowAddress left, in RowAddress right)
    {
        var order = KeyRules.Compare(left.PartitionKey, right.PartitionKey);
        return order != 0 ? order : KeyRules.Compare(left.RowKey, right.RowKey);
    }
}
