using System.Net.Sockets;
using System.Text;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Wire;

/// <summary>Requests that no proper client would send.</summary>
public class ConnectionTests(ContractHost ground) : IClassFixture<ContractHost>
{
    private string Token => ground.OperatorKey;

    private Uri Address => ground.Client.BaseAddress!;

    [SuiteTheory]
    [InlineData("GET /tenants HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer x\r\nAuthorization: Bearer y\r\n\r\n")]
    [InlineData("GET /tenants HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization:\r\n\r\n")]
    [InlineData("GET /tenants HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer \u00e9\r\n\r\n")]
    [InlineData("GET  /tenants HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET /tenants HTTP/9.9\r\nHost: a\r\n\r\n")]
    [InlineData("GET /tenants HTTP/1.1\r\n\r\n")]
    [InlineData("GET /tenants HTTP/1.1\r\nHost: a\r\nBad Header\r\n\r\n")]
    [InlineData("POST /tenants HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("POST /tenants HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n")]
    [InlineData("POST /tenants HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("POST /tenants HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n")]
    [InlineData("\r\n\r\n\r\n")]
    [InlineData("nonsense\r\n\r\n")]
    public async Task Request_Malformed_IsAnsweredInThe400sOrNotAtAll(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Address.Host, Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        client.Client.Shutdown(SocketShutdown.Send);
        var text = await RawHttp.ReadAsync(stream);

        Assert.True(text.Length == 0 || text[9] == '4' || text[9..12] == "505", text);
    }

    [SuiteFact]
    public async Task Body_CutShort_ChangesNothing()
    {
        var id = ground.Name();
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(Address.Host, Address.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /tenants HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {Token}\r\nContent-Length: 500\r\n\r\n{{\"id\":\"{id}\",\"name\":\"x\",\"plan\":\"pro\"}}"));
        }

        Refused.With(404, "tenant-not-found", await ground.Client.ReadAsync($"/tenants/{id}"));
    }

    [SuiteFact]
    public async Task Body_InChunks_IsReadAndBounded()
    {
        var id = ground.Name();
        using var small = new HttpRequestMessage(HttpMethod.Post, "/tenants") { Content = new StringContent($$"""{"id":"{{id}}","name":"x","plan":"pro"}""") };
        small.Headers.TransferEncodingChunked = true;
        using var large = new HttpRequestMessage(HttpMethod.Post, "/tenants") { Content = new ByteArrayContent(new byte[1024 * 1024]) };
        large.Headers.TransferEncodingChunked = true;

        Assert.Equal(201, (int)(await ground.Client.SendAsync(small)).StatusCode);
        Assert.Equal(413, (int)(await ground.Client.SendAsync(large)).StatusCode);
    }

    [SuiteTheory]
    [InlineData(6)]
    [InlineData(20)]
    public async Task Body_FarTooLarge_IsRefused(int mebibytes)
    {
        var reply = await ground.Client.CallAsync("POST", "/tenants", new byte[mebibytes * 1024 * 1024], "application/json");

        Refused.With(413, "body-too-large", reply);
    }

    [SuiteTheory]
    [InlineData("Idempotency-Key: a\r\nIdempotency-Key: b")]
    [InlineData("X-Request-Id: a\r\nX-Request-Id: b")]
    [InlineData("traceparent: a\r\ntraceparent: b")]
    [InlineData("Content-Encoding: gzip")]
    [InlineData("Expect: 100-continue")]
    [InlineData("X-Http-Method-Override: DELETE")]
    [InlineData("X-Original-URL: /health")]
    public async Task Header_Odd_NeverBreaksASubmission(string header)
    {
        var tenant = await ground.TenantAsync();

        var (status, _, body) = await RawHttp.SendAsync(Address, "POST", $"/tenants/{tenant}/runs", Token + "\r\n" + header, """{"name":"x","tasks":[{"name":"a","type":"noop"}]}"""u8.ToArray());

        Assert.True(status is 202 or 400 or 100, $"{header}: {status} {body}");
    }

    [SuiteFact]
    public async Task Body_OfThousandsOfUnknownFields_IsAnsweredInBoundedLength()
    {
        var fields = string.Join(',', Enumerable.Range(0, 15_000).Select(i => $"\"f{i}\":{i}"));

        var reply = await ground.Client.CallAsync("POST", "/tenants", $"{{{fields}}}");

        Refused.With(400, "invalid-request", reply);
        Assert.InRange(reply.Body!["details"]!.AsArray().Count, 100, 101);
        Assert.InRange(reply.Body.ToJsonString().Length, 1, 64 * 1024);
    }

    [SuiteFact]
    public async Task Query_GivenTwice_IsRefused()
    {
        Refused.At(await ground.Client.ReadAsync("/tenants?limit=1&limit=2"), "limit");
        Refused.At(await ground.Client.ReadAsync("/agents?tenant=a&tenant=b"), "tenant");
    }
}
