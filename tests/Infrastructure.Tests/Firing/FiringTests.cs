using Headgate.Infrastructure.Tests.Bicep;
using Headgate.Infrastructure.Tests.Firing.Cases;
using Headgate.Infrastructure.Tests.Firing.Telemetry;
using Headgate.Infrastructure.Tests.Rules;

namespace Headgate.Infrastructure.Tests.Firing;

/// <summary>Every alert of every environment fires on what its rule says, on nothing else, in time, and ends.</summary>
[Collection(TelemetryTests.OneMeter)]
public sealed class FiringTests
{
    public static TheoryData<string, string> Alerts
    {
        get
        {
            var alerts = new TheoryData<string, string>();
            foreach (var environment in Sources.ParameterFiles)
            {
                foreach (var rule in AlertRuleFile.Read(AlertRuleFile.OfRepository))
                    alerts.Add(environment, rule.Id);
            }

            return alerts;
        }
    }

    [Theory]
    [MemberData(nameof(Alerts))]
    public async Task Alert_InEachCase_FiresIfItsRuleSaysSo(string environment, string id)
    {
        var (rule, alert) = await DeployedAlerts.OneAsync(environment, id);

        Assert.Empty(DeployedAlerts.Wrong(rule, alert));
    }

    [Theory]
    [MemberData(nameof(Alerts))]
    public async Task Alert_ThroughATrouble_FiresOnceInTimeAndIsResolved(string environment, string id)
    {
        var (rule, alert) = await DeployedAlerts.OneAsync(environment, id);
        using var site = new Site();
        FiringCase.Course(rule, site, 60, passes: false);
        var begin = site.Now;
        FiringCase.Course(rule, site, FiringCase.TroubleOf(rule), passes: true);
        var end = site.Now;
        FiringCase.Course(rule, site, 90, passes: false);

        for (var phase = TimeSpan.Zero; phase < alert.Frequency; phase += TimeSpan.FromSeconds(50))
        {
            var changes = Changes(alert, site, begin - TimeSpan.FromMinutes(30) + phase, site.Now).ToList();

            Assert.Equal(2, changes.Count);
            Assert.InRange((changes[0] - begin).TotalMinutes, 0, rule.ForMinutes + FiringCase.LagOf(rule) + alert.Frequency.TotalMinutes);
            Assert.InRange((changes[1] - end).TotalMinutes, 0, rule.ForMinutes + FiringCase.LagOf(rule) + (Alert.ChecksToResolve * alert.Frequency.TotalMinutes));
        }
    }

    [Fact]
    public void Cases_OfEveryRule_HoldBothSides()
    {
        foreach (var rule in AlertRuleFile.Read(AlertRuleFile.OfRepository))
        {
            var cases = FiringCase.Of(rule);

            Assert.Contains(cases, each => each.Fires);
            Assert.Contains(cases, each => !each.Fires);
            Assert.Equal(cases.Count, cases.Select(each => each.Name).Distinct(StringComparer.Ordinal).Count());
        }
    }

    /// <summary>When the alert fired and was resolved, by turns.</summary>
    private static IEnumerable<DateTime> Changes(Alert alert, Site site, DateTime from, DateTime to)
    {
        var (fired, unmet) = (false, 0);
        for (var now = from; now <= to; now += alert.Frequency)
        {
            unmet = alert.IsMet(site, now) ? 0 : unmet + 1;
            if (fired ? unmet == Alert.ChecksToResolve : unmet == 0)
            {
                fired = !fired;
                yield return now;
            }
        }
    }
}
