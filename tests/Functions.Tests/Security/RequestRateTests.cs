using Headgate.Core.Access;
using Headgate.Functions.Options;
using Headgate.Functions.Security;
using Headgate.Functions.Tests.Support;
using Headgate.Functions.Wire;
using Xunit;

namespace Headgate.Functions.Tests.Security;

public sealed class RequestRateTests
{
    private static readonly MemberCaller s_member = new("k1", "acme", Role.Viewer);

    [Fact]
    public void Take_MoreThanAMinutesRequests_RefusedWithTheTimeToWait()
    {
        using var rate = new RequestRate(new HeadgateOptions { Rate = new(MemberRequests: 3) });
        for (var i = 0; i < 3; i++)
            Assert.Null(rate.Take(s_member, new Exchange().Http.Response));

        var (refusal, exchange) = UntilRefused(rate, s_member);

        Assert.Equal((429, "rate-limited"), (refusal.Status, refusal.Code));
        Assert.InRange(refusal.RetryAfter!.Value, 1, 60);
        Assert.Equal("\"member\";q=3;w=60", exchange.Headers["RateLimit-Policy"]);
        Assert.Matches("^\"member\";r=[01];t=(60|40)$", exchange.Headers["RateLimit"].ToString());
    }

    [Fact]
    public void Take_OthersAfterOneIsRefused_AreServed()
    {
        using var rate = new RequestRate(new HeadgateOptions { Rate = new(MemberRequests: 2, AgentRequests: 2) });
        UntilRefused(rate, s_member);

        Assert.Null(rate.Take(s_member with { TenantId = "other" }, new Exchange().Http.Response));
        Assert.Null(rate.Take(new AgentCaller("acme", "acme"), new Exchange().Http.Response));
        Assert.Null(rate.Take(new OperatorCaller("k1"), new Exchange().Http.Response));
        UntilRefused(rate, new MemberCaller("k2", "acme", Role.Owner));
    }

    [Fact]
    public void Take_NoLimits_LeavesNoHeaders()
    {
        using var rate = new RequestRate(new HeadgateOptions());
        var exchange = new Exchange();

        for (var i = 0; i < 1000; i++)
            Assert.Null(rate.Take(s_member, exchange.Http.Response));

        Assert.Empty(exchange.Headers);
    }

    [Fact]
    public void Take_ManyTenants_EachHasItsOwn()
    {
        using var rate = new RequestRate(new HeadgateOptions { Rate = new(MemberRequests: 600_000) });
        for (var i = 0; i < 5000; i++)
        {
            var exchange = new Exchange();
            Assert.Null(rate.Take(s_member with { TenantId = $"t{i}" }, exchange.Http.Response));
            Assert.Equal("\"member\";r=599999;t=1", exchange.Headers["RateLimit"]);
        }
    }

    [Theory]
    [InlineData(1, 1, 60)]
    [InlineData(59, 1, 60d / 59)]
    [InlineData(60, 1, 1)]
    [InlineData(61, 2, 120d / 61)]
    [InlineData(119, 2, 120d / 119)]
    [InlineData(120, 2, 1)]
    [InlineData(600_000, 10_000, 1)]
    public void RefillOf_AnyQuota_GivesTheWholeQuotaEachMinute(int quota, int tokens, double seconds)
    {
        var refill = RequestRate.RefillOf(quota);

        Assert.Equal(tokens, refill.Tokens);
        Assert.Equal(seconds, refill.Period.TotalSeconds, precision: 6);
        Assert.Equal(quota, refill.Tokens * 60 / refill.Period.TotalSeconds, tolerance: quota * 1e-5);
    }

    // A slow machine may get one more, as a bucket fills.
    private static (Refusal Refusal, Exchange Exchange) UntilRefused(RequestRate rate, Caller caller)
    {
        for (var i = 0; i < 1000; i++)
        {
            var exchange = new Exchange();
            if (rate.Take(caller, exchange.Http.Response) is { } refusal)
                return (refusal, exchange);
        }

        throw new InvalidOperationException("Nothing was refused.");
    }
}
