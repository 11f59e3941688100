using Headgate.Core.Objectives;
using Headgate.Functions.Api;
using Headgate.Functions.Options;
using Headgate.Functions.Telemetry;
using Headgate.Functions.Tests.Support;
using Headgate.Functions.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Headgate.Functions.Tests.Telemetry;

public sealed class AvailabilityTests
{
    private readonly Indicators _indicators = new(ObjectivesFile.OfTheApp().Objectives);

    [Theory]
    [InlineData(200, null, 1)]
    [InlineData(429, "concurrency-limit", 1)]
    [InlineData(503, "tenant-paused", 1)]
    [InlineData(503, "busy", 0)]
    [InlineData(500, "internal-error", 0)]
    public void End_OfACall_CountsAgainstTheServiceWhatItDidNotWant(int status, string? code, long good)
    {
        var (exchange, edge) = (new Exchange(), NewEdge());
        if (code is not null)
            Reply.Refused(new Refusal(status, code, "no")).Write(exchange.Http);

        edge.End(exchange.Http);

        Assert.Equal(new Tally(good, 1), _indicators.Take()[new(Indicators.Availability, Series.AllPlans)]);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/Ready/")]
    [InlineData("/metrics")]
    [InlineData("/agents/a1/heartbeat")]
    [InlineData("/agents/a1/tasks/claim")]
    [InlineData("/Agents/a1/Task-Results")]
    public void End_OfACallThatNoUserMakes_CountsNeitherWay(string path)
    {
        var edge = NewEdge();
        foreach (var status in new[] { 200, 500 })
        {
            var exchange = new Exchange();
            exchange.Http.Request.Path = path;
            exchange.Http.Response.StatusCode = status;
            edge.End(exchange.Http);
        }

        Assert.Empty(_indicators.Take());
    }

    [Theory]
    [InlineData("/agents/a1")]
    [InlineData("/agents/a1/backoff-status")]
    [InlineData("/tenants/acme/runs")]
    [InlineData("/tenants/heartbeat")]
    public void End_OfACallThatAUserMakes_Counts(string path)
    {
        var exchange = new Exchange();
        exchange.Http.Request.Path = path;

        NewEdge().End(exchange.Http);

        Assert.Equal(new Tally(1, 1), _indicators.Take()[new(Indicators.Availability, Series.AllPlans)]);
    }

    [Fact]
    public void End_OfACallThatThrew_CountsAgainstTheService()
    {
        var (exchange, edge) = (new Exchange(), NewEdge());
        edge.Answer(exchange.Http, "Function", new InvalidOperationException());

        edge.End(exchange.Http);

        Assert.Equal(new Tally(0, 1), _indicators.Take()[new(Indicators.Availability, Series.AllPlans)]);
    }

    private Edge NewEdge() => new(new SequenceRandom(), _indicators, NullLogger<Edge>.Instance);
}
