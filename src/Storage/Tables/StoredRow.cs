using System.Globalization;
using Headgate.Ports;
using Headgate.Storage.Log;
using Headgate.Storage.Sqlite;
using Headgate.Storage.Tables.Coding;
using Headgate.Storage.Tables.Records;

namespace Headgate.Storage.Tables;

/// <summary>
/// A row at one version, or its deletion. Holds the columns encoded: that is one array, and a caller that changes its own columns later
/// doesn't change the store's. Each reader decodes anew.
/// </summary>
internal sealed class StoredRow(RowAddress address, long version, byte[]? data) : ILogRecord, IPendingWrite
{
    public RowAddress Address { get; } = address;

    public long Version { get; } = version;

    /// <summary>Null if the row is deleted.</summary>
    public byte[]? Data { get; } = data;

    byte ILogRecord.Kind => Data is null ? RowLogClient.Deleted : RowLogClient.Written;

    int IPendingWrite.Bytes => Data?.Length ?? 0;

    public string ETag => Data is null ? "" : FormatVersion(Version);

    /// <summary>Null if the row is deleted.</summary>
    public TableRow? Row => With(null);

    /// <summary>Null if the row is deleted.</summary>
    /// <param name="columns">The columns to read; null for all.</param>
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

    /// <summary>The version in an ETag; 0, which no row has, if the store didn't make it.</summary>
    public static long ParseVersion(string etag) =>
        long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;

    private static string FormatVersion(long version) => version.ToString(CultureInfo.InvariantCulture);
}
