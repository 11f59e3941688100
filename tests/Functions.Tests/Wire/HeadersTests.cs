using Headgate.Core.Validation;
using Headgate.Functions.Api;
using Headgate.Functions.Telemetry;
using Headgate.Functions.Tests.Support;
using Headgate.Functions.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Headgate.Functions.Tests.Wire;

public sealed class HeadersTests
{
    [Theory]
    [InlineData("a b", "a b")]
    [InlineData("", null)]
    [InlineData("é", null)]
    public void IdempotencyKey_Header_ReadOrRefused(string value, string? expected)
    {
        var exchange = new Exchange("POST");
        exchange.Http.Request.Headers["Idempotency-Key"] = value;

        var problems = new Problems();

        Assert.Equal(expected, IdempotencyKey.Read(exchange.Http.Request, problems));
        Assert.Equal(expected is null, problems.Any);
    }

    [Fact]
    public void IdempotencyKey_Absent_NullWithoutRefusal()
    {
        var problems = new Problems();

        Assert.Null(IdempotencyKey.Read(new Exchange("POST").Http.Request, problems));
        Assert.False(problems.Any);
    }

    [Fact]
    public void IdempotencyKey_TwiceGiven_Refused()
    {
        var exchange = new Exchange("POST");
        exchange.Http.Request.Headers["Idempotency-Key"] = new(["a", "b"]);

        var problems = new Problems();

        Assert.Null(IdempotencyKey.Read(exchange.Http.Request, problems));
        Assert.Equal("Idempotency-Key: must be 1..255 printable ASCII characters, given once", problems.ToString());
    }

    [Theory]
    [InlineData("mine-1", true)]
    [InlineData("with space", false)]
    [InlineData("", false)]
    public void Begin_RequestId_KeptWhereUsable(string given, bool kept)
    {
        var exchange = new Exchange();
        exchange.Http.Request.Headers["X-Request-Id"] = given;

        new Edge(new SequenceRandom(), new Indicators([]), NullLogger<Edge>.Instance).Begin(exchange.Http);

        Assert.Equal(kept, exchange.Http.TraceIdentifier == given);
        Assert.Equal(exchange.Http.TraceIdentifier, exchange.Headers["X-Request-Id"]);
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$", exchange.Headers["traceparent"].ToString());
    }
}
