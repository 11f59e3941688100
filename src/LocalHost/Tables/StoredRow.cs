using System.Globalization;
using Headgate.Functions.Ports;
using Headgate.LocalHost.Tables.Coding;

namespace Headgate.LocalHost.Tables;

/// <summary>
/// A row at one version, or its absence since that version. Holds the encoded columns, so that nothing a caller does to its own
/// columns later reaches the store; while it is fresh decodes them once, for the first reader.
/// </summary>
internal sealed class StoredRow(RowAddress address, long version, byte[]? data)
{
    private TableRow? _row;
    private bool _isKept;

    public RowAddress Address { get; } = address;

    public long Version { get; } = version;

    /// <summary>Null where the row has been deleted.</summary>
    public byte[]? Data { get; } = data;

    public string ETag => Data is null ? "" : FormatVersion(Version);

    /// <summary>Null where the row has been deleted.</summary>
    public TableRow? Row => Data is null ? null : _row ?? (_isKept ? Decoded() : _row = Decoded());

    /// <summary>From now on it is one of many that are kept: each reader decodes for itself, so that the bytes are all it holds.</summary>
    public void Keep()
    {
        _isKept = true;
        _row = null;
    }

    public static TableRow Decode(string partitionKey, string rowKey, long version, ReadOnlySpan<byte> data) =>
        new(partitionKey, rowKey, ColumnCodec.Decode(data), FormatVersion(version));

    /// <summary>The version an ETag names; 0, which no row has, for a foreign one.</summary>
    public static long ParseVersion(string etag) =>
        long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;

    private TableRow Decoded() => Decode(Address.PartitionKey, Address.RowKey, Version, Data!);

    private static string FormatVersion(long version) => version.ToString(CultureInfo.InvariantCulture);
}
