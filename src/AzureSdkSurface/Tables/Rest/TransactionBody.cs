using System.Text;

namespace Azure.Data.Tables;

/// <summary>A batch on the wire: requests as parts of one change set, itself the one part of the batch.</summary>
internal sealed class TransactionBody(TableAddress address, string table)
{
    private readonly string _batch = $"batch_{Guid.NewGuid():D}";
    private readonly string _changes = $"changeset_{Guid.NewGuid():D}";

    public string ContentType => $"multipart/mixed; boundary={_batch}";

    public BinaryData Write(IReadOnlyList<TableTransactionAction> actions)
    {
        using var body = new MemoryStream();
        Text(body, $"--{_batch}\r\nContent-Type: multipart/mixed; boundary={_changes}\r\n\r\n");
        foreach (var action in actions)
            WritePart(body, action);
        Text(body, $"--{_changes}--\r\n\r\n--{_batch}--\r\n");
        return new(body.ToArray());
    }

    private void WritePart(MemoryStream body, TableTransactionAction action)
    {
        var (entity, kind) = (action.Entity, action.ActionType);
        Text(body, $"--{_changes}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n");
        Text(body, $"{Method(kind)} {Address(entity, kind).AbsoluteUri} HTTP/1.1\r\n");
        Text(body, "Accept: application/json;odata=minimalmetadata\r\nDataServiceVersion: 3.0\r\n");
        if (Condition(action) is { } etag)
            Text(body, $"If-Match: {etag.ToString("H")}\r\n");
        if (kind == TableTransactionActionType.Delete)
        {
            Text(body, "\r\n\r\n");
            return;
        }

        Text(body, "Content-Type: application/json\r\nPrefer: return-no-content\r\n\r\n");
        body.Write(EntityWriter.Write(entity).ToMemory().Span);
        Text(body, "\r\n");
    }

    private Uri Address(ITableEntity entity, TableTransactionActionType kind) =>
        kind == TableTransactionActionType.Add ? address.Table(table) : address.Entity(table, entity.PartitionKey, entity.RowKey);

    private static string Method(TableTransactionActionType kind) => kind switch
    {
        TableTransactionActionType.Add => "POST",
        TableTransactionActionType.Delete => "DELETE",
        TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpsertMerge => "PATCH",
        _ => "PUT",
    };

    private static ETag? Condition(TableTransactionAction action) => action.ActionType switch
    {
        TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpdateReplace or TableTransactionActionType.Delete =>
            action.ETag == default ? ETag.All : action.ETag,
        _ => null,
    };

    private static void Text(MemoryStream body, string text) => body.Write(Encoding.UTF8.GetBytes(text));
}
