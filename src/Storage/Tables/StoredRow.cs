using System.Globalization;
using Headgate.Ports;
using Headgate.Storage.Log;
using Headgate.Storage.Sqlite;
using Headgate.Storage.Tables.Coding;
using Headgate.Storage.Tables.Records;

namespace Headgate.Storage.Tables;

/// <summary>
/// A row at one version, or its absence since that version. Holds the encoded columns: nothing a caller does to its own columns later
/// reaches the store, and what is kept of a row is one array. Each reader decodes for itself.
/// </summary>
internal sealed class StoredRow(RowAddress address, long version, byte[]? data) : ILogRecord, IPendingWrite
{
    public RowAddress Address { get; } = address;

    public long Version { get; } = version;

    /// <summary>Null where the row has been deleted.</summary>
    public byte[]? Data { get; } = data;

    byte ILogRecord.Kind => Data is null ? RowLogClient.Deleted : RowLogClient.Written;

    int IPendingWrite.Bytes => Data?.Length ?? 0;

    public string ETag => Data is null ? "" : FormatVersion(Version);

    /// <summary>Null where the row has been deleted.</summary>
    public TableRow? Row => With(null);

    /// <summary>Null where the row has been deleted.</summary>
    /// <param name="columns">As for a query.</param>
    public TableRow? With(IReadOnlyList<string>? columns) => Data is null ? null : Decode(Address.PartitionKey, Address.RowKey, Version, Data, columns);

    void ILogRecord.Encode(ByteWriter fields)
    {
        var (table, partition, key) = Address;
        fields.Number((long)table).Text(partition).Text(key).Number(Version);
        if (Data is not null)
            fields.Blob(Data);
    }

    void IPendingWrite.Run(Connection connection) => RowStatements.Write(connection, this);

    public static TableRow Decode(string partitionKey, string rowKey, long version, ReadOnlySpan<byte> data, IReadOnlyList<string>? columns) =>
        new(partitionKey, rowKey, ColumnCodec.Decode(data, columns), FormatVersion(version));

    /// <summary>The version an ETag names; 0, which no row has, for a foreign one.</summary>
    public static long ParseVersion(string etag) =>
        long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;

    private static string FormatVersion(long version) => version.ToString(CultureInfo.InvariantCulture);
}
