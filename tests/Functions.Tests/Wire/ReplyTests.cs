using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Core.Validation;
using Headgate.Functions.Tests.Support;
using Headgate.Functions.Wire;
using Xunit;

namespace Headgate.Functions.Tests.Wire;

public sealed class ReplyTests
{
    [Fact]
    public async Task Json_Value_BodyLengthTypeAndHeaders()
    {
        var exchange = new Exchange();

        var body = await exchange.AnswerAsync(
            Reply.Json(201, new StatusChanged(true, "paused", "x"), ContractJson.Default.StatusChanged).WithHeader("Location", "/here"));

        Assert.Equal("""{"success":true,"status":"paused","message":"x"}""", body);
        Assert.Equal(201, exchange.Status);
        Assert.Equal(body.Length, exchange.Http.Response.ContentLength);
        Assert.Equal("application/json", exchange.Http.Response.ContentType);
        Assert.Equal("/here", exchange.Headers.Location);
        Assert.Equal("no-store", exchange.Headers.CacheControl);
    }

    [Fact]
    public async Task Refused_EverythingSet_FieldsInTheDocumentedOrder()
    {
        var exchange = new Exchange();
        var refusal = new Refusal(503, "tenant-paused", "Tenant is temporarily paused") { RetryAfter = 60, Details = [new Problem("a[0]", "is bad")] }
            .With("status", "paused").With("n", 1).With("l", 2L).With("d", 0.5).With("b", true).With("z", null).WithHeader("X-A", "1");

        var body = await exchange.AnswerAsync(Reply.Refused(refusal));

        Assert.Equal(
            """{"error":"Tenant is temporarily paused","code":"tenant-paused","status":"paused","n":1,"l":2,"d":0.5,"b":true,"z":null,"retryAfter":60,"details":[{"path":"a[0]","message":"is bad"}],"requestId":"request-1"}""",
            body);
        Assert.Equal((503, "60", "1"), (exchange.Status, exchange.Headers.RetryAfter.ToString(), exchange.Headers["X-A"].ToString()));
    }

    [Fact]
    public async Task Refused_RetryAfterOutsideTheBody_HeaderOnly()
    {
        var exchange = new Exchange();

        var body = await exchange.AnswerAsync(Reply.Refused(new Refusal(429, "monthly-limit", "Plan limit exceeded") { RetryAfter = 9, RetryAfterInBody = false }));

        Assert.Equal("""{"error":"Plan limit exceeded","code":"monthly-limit","requestId":"request-1"}""", body);
        Assert.Equal("9", exchange.Headers.RetryAfter);
    }

    [Fact]
    public async Task Bytes_Body_AsItIs()
    {
        var exchange = new Exchange();

        Assert.Equal("{\"a\": 1}", await exchange.AnswerAsync(Reply.Bytes(202, "{\"a\": 1}"u8.ToArray())));
        Assert.Equal(202, exchange.Status);
    }

    [Fact]
    public async Task NoContent_Status204_NoBody()
    {
        var exchange = new Exchange();

        Assert.Equal("", await exchange.AnswerAsync(Reply.NoContent()));
        Assert.Equal(204, exchange.Status);
        Assert.Null(exchange.Http.Response.ContentType);
    }

    [Fact]
    public async Task Refusals_SharedOnes_AsDocumented()
    {
        Assert.Equal(
            """{"error":"Authentication required","code":"unauthenticated","requestId":"request-1"}""",
            await new Exchange().AnswerAsync(Reply.Refused(Refusals.Unauthenticated)));
        Assert.Equal(
            """{"error":"Forbidden","code":"insufficient-permission","message":"Insufficient permissions for action: run:create","requiredAction":"run:create","userRole":"viewer","requestId":"request-1"}""",
            await new Exchange().AnswerAsync(Reply.Refused(Refusals.InsufficientPermission(Permission.RunCreate, "viewer"))));
        Assert.Equal(
            """{"error":"Tenant not found","code":"tenant-not-found","tenantId":"acme","requestId":"request-1"}""",
            await new Exchange().AnswerAsync(Reply.Refused(Refusals.TenantNotFound("acme"))));
        Assert.Equal(3, Refusals.StoreUnavailable(TimeSpan.FromSeconds(2.1)).RetryAfter);
        Assert.Equal(1, Refusals.StoreUnavailable(TimeSpan.Zero).RetryAfter);
    }
}
