using Headgate.Ports;

namespace Headgate.Storage.Tables;

internal readonly record struct RowAddress(Table Table, string PartitionKey, string RowKey)
{
    public PartitionAddress Partition => new(Table, PartitionKey);
}

internal readonly record struct PartitionAddress(Table Table, string PartitionKey);
