using System.Text;

namespace Azure.Data.Tables;

/// <summary>Addresses of an account's tables, rows and queries.</summary>
internal sealed class TableAddress(Uri endpoint)
{
    private readonly string _root = endpoint.AbsoluteUri.TrimEnd('/');

    public Uri Tables => new($"{_root}/Tables");

    public Uri Batch => new($"{_root}/$batch");

    public Uri Table(string table) => new($"{_root}/{table}");

    public Uri Entity(string table, string partitionKey, string rowKey, IEnumerable<string>? select = null)
    {
        var text = new StringBuilder($"{_root}/{table}(PartitionKey='{Quoted(partitionKey)}',RowKey='{Quoted(rowKey)}')");
        Append(text, "$select", select is null ? null : string.Join(',', select));
        return new(text.ToString());
    }

    /// <exception cref="FormatException">The continuation is none that a page gave.</exception>
    public Uri Query(string table, string? filter, int? top, IEnumerable<string>? select, string? continuation)
    {
        var text = new StringBuilder($"{_root}/{table}()");
        Append(text, "$filter", filter);
        Append(text, "$top", top?.ToString());
        Append(text, "$select", select is null ? null : string.Join(',', select));
        if (continuation is not null)
        {
            var parts = continuation.Split(' ');
            if (parts.Length != 2)
                throw new FormatException("The continuation is none that a page gave.");
            Append(text, "NextPartitionKey", parts[0]);
            Append(text, "NextRowKey", parts[1]);
        }

        return new(text.ToString());
    }

    private static void Append(StringBuilder text, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            text.Append(text.ToString().Contains('?', StringComparison.Ordinal) ? '&' : '?').Append(name).Append('=').Append(Uri.EscapeDataString(value));
    }

    private static string Quoted(string key) => Uri.EscapeDataString(key.Replace("'", "''", StringComparison.Ordinal));
}
