using Azure.Data.Tables;
using Headgate.Ports;

namespace Headgate.Azure.Tables;

/// <summary>The app's tables in the account: a table's name is its own in lower case.</summary>
internal sealed class TableSet(TableServiceClient account)
{
    private readonly TableClient[] _tables = [.. Enum.GetValues<Table>().Select(table => account.GetTableClient(Name(table)))];

    public TableClient this[Table table] => _tables[(int)table];

    private static string Name(Table table) => table.ToString().ToLowerInvariant();
}
