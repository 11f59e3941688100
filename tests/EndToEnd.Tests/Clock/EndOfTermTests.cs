using System.Net;
using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.EndToEnd.Tests.Support;
using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests.Clock;

/// <summary>What ends at a moment: a key, a month, an idempotency key.</summary>
public class EndOfTermTests
{
    [Fact]
    public async Task Key_PastItsExpiry_StopsAtThatMoment()
    {
        var clock = new ManualClock();
        await using var service = await LocalService.StartAsync(clock);
        await service.Client.CreateTenantAsync("acme");
        var created = await service.Client.CallAsync("POST", "/tenants/acme/keys", """{"name":"ci","role":"viewer","expiresAt":"2030-01-01T02:00:00+01:00"}""");
        using var client = service.NewClient((string)created.Body!["key"]!);

        clock.Advance(TimeSpan.FromMinutes(59));
        var before = await client.ReadAsync("/tenants/acme");
        clock.Advance(TimeSpan.FromMinutes(1));
        var after = await client.ReadAsync("/tenants/acme");

        Assert.Equal("2030-01-01T01:00:00.000Z", (string?)created.Body["expiresAt"]);
        Assert.Equal(HttpStatusCode.OK, before.Status);
        Refused.With(401, "unauthenticated", after);
    }

    [Theory]
    [InlineData("2030-01-31T23:59:00Z")]
    [InlineData("2030-12-31T23:59:00Z")]
    [InlineData("2030-02-28T23:59:00Z")]
    [InlineData("2028-02-29T23:59:00Z")]
    public async Task Submit_MonthUsedUp_IsOverOnTheFirstOfTheNext(string lastMinute)
    {
        var clock = new ManualClock(DateTimeOffset.Parse(lastMinute));
        await using var service = await LocalService.StartAsync(clock);
        await service.Client.CreateTenantAsync("acme", "pro", System.Text.Json.Nodes.JsonNode.Parse("""{"maxMonthlyRuns":1}"""));
        await service.Client.SubmitAsync("acme");

        var refused = await service.Client.SubmitAsync("acme");
        clock.Advance(TimeSpan.FromSeconds(60));
        var admitted = await service.Client.SubmitAsync("acme");

        Assert.Equal("60", refused.Header("Retry-After"));
        Assert.Equal(HttpStatusCode.Accepted, admitted.Status);
        Assert.Equal(1, (int)(await service.Client.ReadAsync("/tenants/acme")).Body!["runsThisMonth"]!);
    }

    [Fact]
    public async Task Submit_MonthUsedUpBeforeALeapDay_IsNotOverOnIt()
    {
        var clock = new ManualClock(new DateTimeOffset(2028, 2, 28, 23, 59, 0, TimeSpan.Zero));
        await using var service = await LocalService.StartAsync(clock);
        await service.Client.CreateTenantAsync("acme", "pro", System.Text.Json.Nodes.JsonNode.Parse("""{"maxMonthlyRuns":1}"""));
        await service.Client.SubmitAsync("acme");

        clock.Advance(TimeSpan.FromMinutes(1));
        var onTheLeapDay = await service.Client.SubmitAsync("acme");
        clock.Advance(TimeSpan.FromDays(1));
        var after = await service.Client.SubmitAsync("acme");

        Refused.With(429, "monthly-limit", onTheLeapDay);
        Assert.Equal("86400", onTheLeapDay.Header("Retry-After"));
        Assert.Equal(HttpStatusCode.Accepted, after.Status);
    }

    [Fact]
    public async Task Call_MoreThanTheRate_IsToldWhatIsLeftAndWhenToComeBack()
    {
        await using var own = await Ground.StartAsync(settings: new Dictionary<string, string?> { ["Headgate:Rate:MemberRequests"] = "2" });
        var key = (await own.Client.CallAsync("POST", $"/tenants/{Ground.Tenant}/keys", """{"name":"n","role":"viewer"}""")).Body!["key"];
        using var member = own.Service.NewClient((string)key!);

        var replies = new List<Reply>();
        for (var i = 0; i < 4; i++)
            replies.Add(await member.ReadAsync($"/tenants/{Ground.Tenant}"));

        Assert.Equal((200, "\"member\";q=2;w=60"), ((int)replies[0].Status, replies[0].Header("RateLimit-Policy")));
        Assert.Matches("^\"member\";r=1;t=30$", replies[0].Header("RateLimit"));
        Refused.With(429, "rate-limited", replies[^1]);
        Assert.InRange((int)replies[^1].Body!["retryAfter"]!, 1, 60);
        Assert.Equal(200, (int)(await own.Client.ReadAsync($"/tenants/{Ground.Tenant}")).Status);
    }

    [Fact]
    public async Task Submit_SameKeyAfter24Hours_IsANewRun()
    {
        var clock = new ManualClock();
        await using var own = await Ground.StartAsync(clock);
        var first = await own.Client.SubmitAsync(Ground.Tenant, idempotencyKey: "k");

        clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1));
        var second = await own.Client.SubmitAsync(Ground.Tenant, idempotencyKey: "k");
        clock.Advance(TimeSpan.FromMinutes(2));
        var third = await own.Client.SubmitAsync(Ground.Tenant, idempotencyKey: "k");

        Assert.Equal(first.RunId, second.RunId);
        Assert.NotEqual(first.RunId, third.RunId);
    }
}
