using Headgate.Infrastructure.Tests.Firing.Telemetry;
using Headgate.Infrastructure.Tests.Rules;

namespace Headgate.Infrastructure.Tests.Firing.Cases;

/// <summary>The 95th percentile of the duration of HTTP requests. Shares keep two percent away from it, as Kusto estimates the rank.</summary>
internal static class SlowResponseCases
{
    public static IReadOnlyList<FiringCase> Of(AlertRule rule)
    {
        var (minutes, fine, over, least) = (rule.ForMinutes, rule.Threshold * 1000.0, (rule.Threshold * 1000.0) + 1, rule.Signal.MinimumCount!.Value);

        FiringCase Once(string name, bool fires, Action<Site> happens) => new(name, fires, site => site.Pass(minutes, minute => { if (minute == minutes / 2) happens(site); }));

        return
        [
            Once("more than a twentieth passes the threshold", true, site => Take(site, (over, 7), (20, 93))),
            Once("less than a twentieth passes the threshold by far", false, site => Take(site, (over * 100, 3), (20, 97))),
            Once("all pass the threshold", true, site => Take(site, (over, 100))),
            Once("all equal the threshold", false, site => Take(site, (fine, 100))),
            Once("all take as many milliseconds as the threshold has seconds, and more", false, site => Take(site, (fine / 100, 100))),
            Once("as few requests as say something are slow", true, site => Take(site, (over, least))),
            Once("fewer requests than say something are slow", false, site => Take(site, (over, least - 1))),
            Once("sampled requests stand for many", true, site =>
            {
                site.Called("200", over, 7);
                site.Called("200", 20, 93);
            }),
            Once("sampled requests that are slow stand for few", false, site =>
            {
                site.Called("200", over);
                site.Called("200", 20, 1000);
            }),
            Once("other functions are slow", false, site =>
            {
                Take(site, (20, 100));
                site.Called("0", over * 100, 100_000, http: false);
            }),
            .. AlertAgreement.HeldCalls.Select(held => Once($"{held} is held as long as its caller likes", false, site =>
            {
                Take(site, (20, 100));
                site.Called("200", over, 1000, function: held);
            })),
            Once("no request came", false, _ => { }),
            new("requests were slow before the time", false, site =>
            {
                site.Pass(1, _ => Take(site, (over, 1000)));
                site.Pass(minutes, _ => Take(site, (20, 10)));
            }),
            new("requests were fast before the time", true, site =>
            {
                site.Pass(1, _ => Take(site, (20, 10_000)));
                site.Pass(minutes, _ => Take(site, (over, 10)));
            }),
            new("requests are slow since the time has ended", false, site => site.Pass(minutes, _ => Take(site, (20, 10)))) { Since = (site, _) => Take(site, (over, 1000)) },
        ];
    }

    private static void Take(Site site, params (double Milliseconds, int Times)[] requests)
    {
        foreach (var (milliseconds, times) in requests)
        {
            for (var i = 0; i < times; i++)
                site.Called("200", milliseconds);
        }
    }
}
