namespace Headgate.Ports;

/// <summary>
/// A row: keys, columns and, once stored, its ETag. Rows read from a store must not be changed in place; copy the columns.
/// Keys are 1..255 characters without <c>/ \ # ?</c> and control characters.
/// </summary>
public sealed record TableRow(string PartitionKey, string RowKey, Columns Columns, string? ETag = null)
{
    public TableRow With(Columns columns) => this with { Columns = columns };
}
