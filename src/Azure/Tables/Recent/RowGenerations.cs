using Headgate.Ports;

namespace Headgate.Azure.Tables.Recent;

internal readonly record struct RowKey(Table Table, string PartitionKey, string Key);

/// <summary>
/// Rows in two generations of at most 16 MiB each. When the young one is full, it becomes the old one, and the old one is dropped. Safe for
/// concurrent use.
/// </summary>
internal sealed class RowGenerations
{
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>A larger row is not kept: it would push out many others.</summary>
    public const int MaxRowBytes = 64 * 1024;

    // Estimated bytes of a row beyond its values.
    private const int Overhead = 1024;

    private readonly Lock _lock = new();
    private Dictionary<RowKey, TableRow> _young = [];
    private Dictionary<RowKey, TableRow> _old = [];
    private int _bytes;

    public TableRow? Find(RowKey key)
    {
        lock (_lock)
            return _young.GetValueOrDefault(key) ?? _old.GetValueOrDefault(key);
    }

    public void Remember(RowKey key, TableRow row)
    {
        var bytes = BytesOf(row);
        lock (_lock)
        {
            if (bytes > MaxRowBytes)
            {
                Remove(key);
                return;
            }

            _bytes += bytes;
            if (_bytes > MaxBytes)
            {
                _old = _young;
                _young = [];
                _bytes = bytes;
            }

            _young[key] = row;
        }
    }

    public void Forget(RowKey key)
    {
        lock (_lock)
            Remove(key);
    }

    // The bytes stay counted: the generation may end early.
    private void Remove(RowKey key)
    {
        _young.Remove(key);
        _old.Remove(key);
    }

    private static int BytesOf(TableRow row)
    {
        var bytes = Overhead;
        foreach (var (_, value) in row.Columns)
            bytes += value is byte[] binary ? binary.Length : value is string text ? text.Length * sizeof(char) : 0;
        return bytes;
    }
}
