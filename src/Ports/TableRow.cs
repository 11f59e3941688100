namespace Headgate.Ports;

/// <summary>
/// A row: keys (see <see cref="Limits.KeyGrammar"/>), columns and, once stored, its ETag. Don't change the columns of a row that was read:
/// copy them.
/// </summary>
public sealed record TableRow(string PartitionKey, string RowKey, Columns Columns, string? ETag = null)
{
    public TableRow With(Columns columns) => this with { Columns = columns };
}
