using Azure.Data.Tables;
using Headgate.Ports;

namespace Headgate.Azure.Tables;

/// <summary>The app's tables in the account, named as in <see cref="Table"/> in lower case.</summary>
internal sealed class TableSet(TableServiceClient account)
{
    private readonly TableClient[] _tables = [.. Enum.GetValues<Table>().Select(table => account.GetTableClient(Name(table)))];

    public TableClient this[Table table] => _tables[(int)table];

    private static string Name(Table table) => table.ToString().ToLowerInvariant();
}
