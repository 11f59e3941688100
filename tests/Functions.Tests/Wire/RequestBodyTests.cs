using System.Text;
using Headgate.Functions.Tests.Support;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Headgate.Functions.Tests.Wire;

public sealed class RequestBodyTests
{
    [Fact]
    public async Task ReadAsync_Object_RootAndBytes()
    {
        using var body = await ReadAsync(/*lang=json*/ """{"name":"größer \ud83d\ude00"}""");

        Assert.Null(body.Refusal);
        Assert.Equal("größer 😀", body.Root.GetProperty("name").GetString());
        Assert.Equal(32, body.Utf8.Length);
    }

    [Fact]
    public async Task ReadAsync_Nothing_EmptyObject()
    {
        using var body = await ReadAsync("");

        Assert.Null(body.Refusal);
        Assert.Equal(0, body.Root.GetPropertyCount());
        Assert.True(body.Utf8.IsEmpty);
    }

    [Theory]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("\"a\"", "must be a JSON object")]
    [InlineData("null", "must be a JSON object")]
    [InlineData("{", "is not valid JSON (line 1, byte 2)")]
    [InlineData("{\n \"a\": tru}", "is not valid JSON (line 2, byte 10)")]
    [InlineData("{} x", "is not valid JSON (line 1, byte 4)")]
    [InlineData("{\"a\":1,}", "is not valid JSON (line 1, byte 8)")]
    [InlineData("{\"a\":NaN}", "is not valid JSON (line 1, byte 6)")]
    [InlineData(" ", "is not valid JSON (line 1, byte 2)")]
    [InlineData("{\"a\":{\"b\":[0,{\"c\":1,\"c\":2}]}}", "has the field 'a.b[1].c' twice")]
    [InlineData("{\"a\":1,\"\\u0061\":2}", "has the field 'a' twice")]
    [InlineData("{\"a\":\"\\ud800\"}", "has text that is not valid Unicode")]
    [InlineData("{\"\\udc00\":1}", "has text that is not valid Unicode")]
    public async Task ReadAsync_BadBody_RefusedWithTheReason(string text, string message)
    {
        using var body = await ReadAsync(text);

        Assert.Equal((400, "invalid-request"), (body.Refusal!.Status, body.Refusal.Code));
        Assert.Equal(message, Assert.Single(body.Refusal.Details!).Message);
        Assert.Throws<InvalidOperationException>(() => body.Root);
    }

    [Theory]
    [InlineData(new byte[] { 0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d })]
    [InlineData(new byte[] { 0xef, 0xbb })]
    [InlineData(new byte[] { 0x7b, 0x22, 0xc0, 0x80, 0x22, 0x3a, 0x31, 0x7d })]
    public async Task ReadAsync_NotUtf8_Refused(byte[] bytes)
    {
        using var body = await RequestBody.ReadAsync(new Exchange("POST", "/", bytes).Http.Request, default);

        Assert.Equal("is not valid UTF-8", Assert.Single(body.Refusal!.Details!).Message);
    }

    [Theory]
    [InlineData(31, null)]
    [InlineData(32, "is nested deeper than 32 levels")]
    [InlineData(100_000, "is nested deeper than 32 levels")]
    public async Task ReadAsync_Depth_BoundedAt32(int arrays, string? message)
    {
        using var body = await ReadAsync($$"""{"a":{{new string('[', arrays)}}{{new string(']', arrays)}}}""");

        Assert.Equal(message, body.Refusal?.Details![0].Message);
    }

    [Theory]
    [InlineData(RequestBody.MaxBytes, null, true)]
    [InlineData(RequestBody.MaxBytes, null, false)]
    [InlineData(RequestBody.MaxBytes + 1, 413, true)]
    [InlineData(RequestBody.MaxBytes + 1, 413, false)]
    [InlineData(1024 * 1024, 413, false)]
    public async Task ReadAsync_Size_BoundedWithAndWithoutALength(int size, int? status, bool announced)
    {
        var text = $$"""{"a":"{{new string('x', size - 8)}}"}""";
        var request = new Exchange("POST", "/", text).Http.Request;
        request.ContentLength = announced ? size : null;

        using var body = await RequestBody.ReadAsync(request, default);

        Assert.Equal(status, body.Refusal?.Status);
    }

    [Fact]
    public async Task ReadAsync_FarTooLarge_ReadsFourMebibytesAndNoMore()
    {
        var request = new Exchange("POST", "/", new byte[6 * 1024 * 1024]).Http.Request;

        using var body = await RequestBody.ReadAsync(request, default);

        Assert.Equal("body-too-large", body.Refusal!.Code);
        Assert.InRange(request.Body.Position, RequestBody.MaxDiscarded, RequestBody.MaxDiscarded + RequestBody.MaxBytes * 2);
    }

    [Fact]
    public async Task ReadAsync_ConnectionEndsEarly_Refused()
    {
        var request = new Exchange("POST").Http.Request;
        request.Body = new BrokenStream();

        using var body = await RequestBody.ReadAsync(request, default);

        Assert.Equal((400, "invalid-request"), (body.Refusal!.Status, body.Refusal.Code));
    }

    private static ValueTask<RequestBody> ReadAsync(string text) =>
        RequestBody.ReadAsync(new Exchange("POST", "/", Encoding.UTF8.GetBytes(text)).Http.Request, default);

    /// <summary>What the web server does when fewer bytes come than were announced.</summary>
    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new BadHttpRequestException("Unexpected end of request content.");
    }
}
