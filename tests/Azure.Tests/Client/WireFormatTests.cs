using Azure;
using Azure.Data.Tables;
using Headgate.Azure.Tests.Wire;

namespace Headgate.Azure.Tests.Client;

/// <summary>What the client puts on the wire and takes from it.</summary>
public sealed class WireFormatTests
{
    private const string Connection = "AccountName=acc;AccountKey=a2V5;TableEndpoint=https://acc.tables.test/";
    private readonly StubServer _server = new();

    private TableClient Client => new TableServiceClient(Connection, new TableClientOptions { Transport = _server.Transport }).GetTableClient("things");

    private SentRequest Sent => _server.Requests[0];

    [Fact]
    public async Task Add_OfEveryType_NamesTheTypesThatJsonCannotTell()
    {
        _server.Answer(204, headers: ("ETag", "W/\"x\""));
        var entity = new TableEntity("p", "r")
        {
            ["text"] = "é\n",
            ["int"] = 1,
            ["long"] = long.MaxValue,
            ["double"] = 3.0,
            ["nan"] = double.NaN,
            ["low"] = double.NegativeInfinity,
            ["yes"] = true,
            ["time"] = new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.FromHours(2)).AddTicks(1234567),
            ["guid"] = Guid.Parse("5f0a6c1e-53f4-4fd0-8d1f-0d3c2b1a9e8f"),
            ["bytes"] = new byte[] { 255, 254 },
            ["nothing"] = null,
        };

        var response = await Client.AddEntityAsync(entity);

        Assert.Equal("W/\"x\"", response.Headers.ETag.ToString());
        Assert.Equal(
            """{"PartitionKey":"p","RowKey":"r","text":"\u00E9\n","int":1,"long":"9223372036854775807","long@odata.type":"Edm.Int64","double":3,"double@odata.type":"Edm.Double","nan":"NaN","nan@odata.type":"Edm.Double","low":"-Infinity","low@odata.type":"Edm.Double","yes":true,"time":"2031-02-03T02:05:06.1234567Z","time@odata.type":"Edm.DateTime","guid":"5f0a6c1e-53f4-4fd0-8d1f-0d3c2b1a9e8f","guid@odata.type":"Edm.Guid","bytes":"//4=","bytes@odata.type":"Edm.Binary"}""",
            Sent.Body);
        Assert.Equal(("POST", "https://acc.tables.test/things"), (Sent.Method, Sent.Address.AbsoluteUri));
        Assert.Equal(("2020-12-06", "return-no-content"), (Sent.Headers["x-ms-version"], Sent.Headers["Prefer"]));
        Assert.Matches("^SharedKeyLite acc:[A-Za-z0-9+/]{43}=$", Sent.Headers["Authorization"]);
    }

    [Fact]
    public async Task Get_OfEveryType_GivesTheTypesBack()
    {
        _server.Answer(200, body:
            """
            {"odata.metadata":"m","odata.etag":"W/\"x\"","PartitionKey":"p","RowKey":"r","Timestamp":"2031-02-03T02:05:06.1234567Z",
            "int":1,"whole":3.0,"double":0.5,"long@odata.type":"Edm.Int64","long":"-9","nan@odata.type":"Edm.Double","nan":"NaN",
            "time@odata.type":"Edm.DateTime","time":"2031-02-03T02:05:06.1234567Z","guid@odata.type":"Edm.Guid","guid":"5f0a6c1e-53f4-4fd0-8d1f-0d3c2b1a9e8f",
            "bytes@odata.type":"Edm.Binary","bytes":"//4=","no":false,"text":"2031-02-03T02:05:06Z","nothing":null}
            """);

        var entity = (await Client.GetEntityIfExistsAsync<TableEntity>("o'p", "a b%")).Value!;

        Assert.Equal(("p", "r", "W/\"x\""), (entity.PartitionKey, entity.RowKey, entity.ETag.ToString()));
        Assert.Equal(new DateTimeOffset(2031, 2, 3, 2, 5, 6, TimeSpan.Zero).AddTicks(1234567), entity.Timestamp);
        Assert.Equal([1, 3.0, 0.5, -9L, double.NaN], (object[])[entity["int"], entity["whole"], entity["double"], entity["long"], entity["nan"]]);
        Assert.Equal([entity.Timestamp, Guid.Parse("5f0a6c1e-53f4-4fd0-8d1f-0d3c2b1a9e8f"), false, "2031-02-03T02:05:06Z"], (object?[])[entity["time"], entity["guid"], entity["no"], entity["text"]]);
        Assert.Equal([255, 254], (byte[])entity["bytes"]);
        Assert.False(entity.ContainsKey("nothing"));
        Assert.Equal("https://acc.tables.test/things(PartitionKey='o%27%27p',RowKey='a%20b%25')", Sent.Address.AbsoluteUri);
    }

    [Fact]
    public async Task Transaction_OfEveryKind_IsOneChangeSet()
    {
        _server.Answer(202, body: string.Concat(Enumerable.Repeat("--c\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 204 No Content\r\nETag: W/\"x\"\r\n\r\n\r\n", 4)) + "--c--\r\n");
        var entity = new TableEntity("p", "r") { ["n"] = 1 };

        var answer = await Client.SubmitTransactionAsync([
            new(TableTransactionActionType.Add, entity),
            new(TableTransactionActionType.UpdateReplace, entity, new ETag("W/\"old\"")),
            new(TableTransactionActionType.UpsertReplace, entity),
            new(TableTransactionActionType.Delete, entity, ETag.All),
        ]);

        Assert.Equal(["W/\"x\"", "W/\"x\"", "W/\"x\"", "W/\"x\""], answer.Value.Select(part => part.Headers.ETag.ToString()));
        Assert.Equal("https://acc.tables.test/$batch", Sent.Address.AbsoluteUri);
        var lines = Sent.Body.Split("\r\n");
        Assert.Equal(
            ["POST https://acc.tables.test/things HTTP/1.1", "PUT https://acc.tables.test/things(PartitionKey='p',RowKey='r') HTTP/1.1", "PUT https://acc.tables.test/things(PartitionKey='p',RowKey='r') HTTP/1.1", "DELETE https://acc.tables.test/things(PartitionKey='p',RowKey='r') HTTP/1.1"],
            lines.Where(line => line.EndsWith("HTTP/1.1", StringComparison.Ordinal)));
        Assert.Equal(["If-Match: W/\"old\"", "If-Match: *"], lines.Where(line => line.StartsWith("If-Match", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Transaction_RefusedInOnePart_NamesThePlaceTheCodeAndTheRequest()
    {
        _server.Answer(202, body: $"--c\r\n\r\nHTTP/1.1 409 Conflict\r\nContent-Type: application/json\r\n\r\n{StubServer.Error("EntityAlreadyExists", "17:The specified entity already exists.")}\r\n--c--\r\n");

        var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => Client.SubmitTransactionAsync([new(TableTransactionActionType.Add, new TableEntity("p", "r"))]));

        Assert.Equal((17, 409, "EntityAlreadyExists"), (failure.FailedTransactionActionIndex, failure.Status, failure.ErrorCode));
        Assert.Contains(StubServer.Id, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_WithContinuation_AsksFurtherFromTheServersHeaders()
    {
        _server
            .Answer(200, body: """{"value":[{"PartitionKey":"p","RowKey":"1"}]}""", headers: [("x-ms-continuation-NextPartitionKey", "1!4!cA--"), ("x-ms-continuation-NextRowKey", "1!4!Mg==")])
            .Answer(200, body: """{"value":[{"PartitionKey":"p","RowKey":"2"}]}""");

        var rows = new List<string>();
        await foreach (var entity in Client.QueryAsync<TableEntity>("RowKey ge 'o''p'", 1, ["n"]))
            rows.Add(entity.RowKey);

        Assert.Equal(["1", "2"], rows);
        Assert.Equal("?$filter=RowKey%20ge%20%27o%27%27p%27&$top=1&$select=n", Sent.Address.Query);
        Assert.EndsWith("&NextPartitionKey=1%214%21cA--&NextRowKey=1%214%21Mg%3D%3D", _server.Requests[1].Address.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_OfAMissingRow_IsNoFailure()
    {
        _server.Answer(404, "ResourceNotFound");

        Assert.Equal(404, (await Client.DeleteEntityAsync("p", "r")).Status);
        Assert.Equal("*", Sent.Headers["If-Match"]);
    }
}
