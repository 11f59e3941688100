namespace Headgate.Storage.Tables.InMemory;

/// <summary>
/// The rows of one partition that the overlay holds, by row key. Most partitions have one at a time, for which no dictionary is made. A mutable
/// struct: change it by reference, not on a copy.
/// </summary>
internal struct PartitionRows
{
    private StoredRow? _only;
    private Dictionary<string, StoredRow>? _many;

    public readonly bool IsEmpty => _only is null && _many is not { Count: > 0 };

    public readonly StoredRow? Find(string rowKey) =>
        _many is not null ? _many.GetValueOrDefault(rowKey) : _only?.Address.RowKey == rowKey ? _only : null;

    public void Put(StoredRow row)
    {
        if (_many is null && (_only is null || _only.Address.RowKey == row.Address.RowKey))
        {
            _only = row;
            return;
        }

        _many ??= new(StringComparer.Ordinal) { [_only!.Address.RowKey] = _only };
        _only = null;
        _many[row.Address.RowKey] = row;
    }

    public void Remove(string rowKey)
    {
        if (_many is not null)
            _many.Remove(rowKey);
        else if (_only?.Address.RowKey == rowKey)
            _only = null;
    }

    public readonly void AddWithin(KeyRange range, List<StoredRow> rows)
    {
        if (_only is not null && range.Contains(_only))
            rows.Add(_only);
        if (_many is null)
            return;
        foreach (var row in _many.Values)
        {
            if (range.Contains(row))
                rows.Add(row);
        }
    }
}
