using System.Diagnostics.Metrics;
using Headgate.Core.Alerts;
using Headgate.Functions.Alerts;
using Headgate.Functions.Telemetry;
using Headgate.Functions.Tests.Support;
using Xunit;

namespace Headgate.Functions.Tests.Alerts;

public sealed class AlertTallyTests : IDisposable
{
    private readonly RunRig _rig = new();
    private readonly AlertTally _tally;

    public AlertTallyTests() => _tally = _rig.Get<AlertTally>();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Minutes_OfRequests_CountErrorsAndDurationsWithoutClaimsThatAreHeld()
    {
        var requests = Requests(_rig.Get<IMeterFactory>());
        for (var i = 0; i < 20; i++)
            requests.Record(0.01, new("http.response.status_code", i == 0 ? 503 : 200), new("http.route", "tenants"));
        requests.Record(30, new("http.response.status_code", 200), new("http.route", "agents/{agentId}/tasks/claim"));

        Assert.Equal([1, 21], Parts("server-errors"));
        Assert.Equal(20, Parts("slow-responses").Sum());
        Assert.InRange(Sample("slow-responses").Value!.Value, 0.009, 0.011);
    }

    [Fact]
    public void Minutes_OfCounters_CountTheirLabelsAlone()
    {
        var metrics = _rig.Get<Metrics>();
        metrics.AttemptSettled("work", "failure", "auth", "failed", TimeSpan.Zero);
        metrics.AttemptSettled("work", "failure", "network", "retry", TimeSpan.Zero);
        metrics.AttemptSettled("work", "success", null, "done", TimeSpan.Zero);
        metrics.Submitted("concurrency-limit", "pro");
        metrics.Submitted("admitted", "pro");

        Assert.Equal([1], Parts("target-auth-failed"));
        Assert.Equal([1], Parts("refusals-at-cap"));
        Assert.Equal([1, 3], Parts("retry-rate-high"));
    }

    [Fact]
    public void Minutes_OfAnotherServiceInTheProcess_AreNotCounted()
    {
        using var other = new RunRig();
        other.Get<Metrics>().LedgerCorrected(1);
        Requests(other.Get<IMeterFactory>()).Record(1);

        _tally.Look(Minute);

        Assert.Equal([0], Parts("ledger-drift"));
        Assert.Equal([0, 0], Parts("server-errors"));
    }

    [Fact]
    public void Minutes_OfGauges_KeepTheGreatestOfTheMinuteAndForgetTheOldest()
    {
        foreach (var held in new[] { 2.0, 5, 1 })
        {
            _rig.Get<Gauges>().Set(Instruments.ResourcesHeld, new Measurement<double>(held));
            _tally.Look(Minute);
        }

        Assert.Equal([5], Parts("resource-held"));
        for (var i = 0; i < 50; i++)
        {
            _rig.Clock.Advance(TimeSpan.FromMinutes(1));
            _rig.Get<Gauges>().Set(Instruments.ResourcesHeld, new Measurement<double>(1));
            _tally.Look(Minute);
        }

        Assert.Equal(20, _tally.Minutes().Single(rule => rule.Rule.Id == "resource-held").Minutes.Count);
    }

    [Fact]
    public void Minutes_OfAGaugeThatIsNotMeasured_AreNotThere()
    {
        _tally.Look(Minute);

        Assert.Empty(_tally.Minutes().Single(rule => rule.Rule.Id == "resource-held").Minutes);
    }

    private long Minute => AlertSeries.MinuteOf(_rig.Clock.GetUtcNow());

    private static Histogram<double> Requests(IMeterFactory factory) => factory.Create("Microsoft.AspNetCore.Hosting").CreateHistogram<double>("http.server.request.duration");

    private double[] Parts(string rule) => Assert.Single(_tally.Minutes().Single(each => each.Rule.Id == rule).Minutes).Value;

    private AlertSample Sample(string rule)
    {
        var (known, minutes) = _tally.Minutes().Single(each => each.Rule.Id == rule);
        var series = new AlertSeries(known);
        foreach (var (minute, parts) in minutes)
            series.Add(minute, parts);
        return series.Samples(Minute)[0];
    }
}
