using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables;

/// <summary>Requests of the Table storage protocol, through the pipeline that signs, retries, times and traces them.</summary>
internal sealed class TableWire
{
    private const string Json = "application/json;odata=minimalmetadata";
    private const string Scope = "https://storage.azure.com/.default";
    private readonly HttpPipeline _pipeline;
    private readonly TableAddress _address;
    private readonly string _version;

    private TableWire(Uri endpoint, HttpPipelinePolicy authentication, TableClientOptions options)
    {
        _address = new(endpoint);
        _version = options.Version;
        _pipeline = HttpPipelineBuilder.Build(options, authentication);
    }

    public static TableWire With(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions? options) =>
        new(endpoint, new SharedKeyPolicy(credential), options ?? new());

    public static TableWire With(Uri endpoint, TokenCredential credential, TableClientOptions? options) =>
        new(endpoint, new BearerTokenAuthenticationPolicy(credential, Scope), options ?? new());

    public HttpMessage CreateTable(string table) =>
        WithBody(New(RequestMethod.Post, _address.Tables), BinaryData.FromString($$"""{"TableName":"{{table}}"}"""));

    public HttpMessage Entity(
        string table, RequestMethod method, string partitionKey, string rowKey, ETag ifMatch = default, IEnumerable<string>? select = null) =>
        New(method, _address.Entity(table, partitionKey, rowKey, select), ifMatch);

    public HttpMessage Insert(string table, ITableEntity entity) =>
        WithBody(New(RequestMethod.Post, _address.Table(table)), EntityWriter.Write(entity));

    public HttpMessage Write(string table, ITableEntity entity, TableUpdateMode mode, ETag ifMatch) => WithBody(
        New(mode == TableUpdateMode.Replace ? RequestMethod.Put : RequestMethod.Patch, _address.Entity(table, entity.PartitionKey, entity.RowKey), ifMatch),
        EntityWriter.Write(entity));

    public HttpMessage Query(string table, string? filter, int? top, IEnumerable<string>? select, string? continuation) =>
        New(RequestMethod.Get, _address.Query(table, filter, top, select, continuation));

    public HttpMessage Transaction(string table, IReadOnlyList<TableTransactionAction> actions)
    {
        var message = New(RequestMethod.Post, _address.Batch);
        var body = new TransactionBody(_address, table);
        message.Request.Headers.SetValue(HttpHeader.Names.ContentType, body.ContentType);
        message.Request.Content = RequestContent.Create(body.Write(actions));
        return message;
    }

    public async ValueTask<Response> SendAsync(HttpMessage message, CancellationToken cancellationToken)
    {
        await _pipeline.SendAsync(message, cancellationToken);
        return message.Response;
    }

    private HttpMessage New(RequestMethod method, Uri address, ETag ifMatch = default)
    {
        var message = _pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(address);
        var headers = message.Request.Headers;
        headers.SetValue("x-ms-version", _version);
        headers.SetValue("DataServiceVersion", "3.0");
        headers.SetValue(HttpHeader.Names.Accept, Json);
        if (ifMatch != default)
            headers.SetValue(HttpHeader.Names.IfMatch, ifMatch.ToString("H"));
        return message;
    }

    private static HttpMessage WithBody(HttpMessage message, BinaryData body)
    {
        message.Request.Headers.SetValue(HttpHeader.Names.ContentType, "application/json");
        message.Request.Headers.SetValue("Prefer", "return-no-content");
        message.Request.Content = RequestContent.Create(body);
        return message;
    }
}
