#nullable disable // The package carries no nullable annotations.

using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>A storage account's tables. Makes no request itself.</summary>
public class TableServiceClient
{
    private readonly TableWire _wire;

    /// <exception cref="InvalidOperationException">The text lacks what a connection needs.</exception>
    public TableServiceClient(string connectionString, TableClientOptions options = null)
    {
        var connection = ConnectionString.Parse(connectionString);
        _wire = TableWire.With(connection.Endpoint, connection.Credential, options);
    }

    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions options) =>
        _wire = TableWire.With(endpoint, credential, options);

    public TableServiceClient(Uri endpoint, TokenCredential tokenCredential, TableClientOptions options = null) =>
        _wire = TableWire.With(endpoint, tokenCredential, options);

    protected TableServiceClient()
    {
    }

    public virtual TableClient GetTableClient(string tableName) => new(_wire, tableName);
}
