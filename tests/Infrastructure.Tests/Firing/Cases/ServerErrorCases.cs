using Headgate.Infrastructure.Tests.Firing.Telemetry;
using Headgate.Infrastructure.Tests.Rules;

namespace Headgate.Infrastructure.Tests.Firing.Cases;

/// <summary>Answers of 5xx in percent of the HTTP requests.</summary>
internal static class ServerErrorCases
{
    public static IReadOnlyList<FiringCase> Of(AlertRule rule)
    {
        var (minutes, percent, least) = (rule.ForMinutes, rule.Threshold, rule.Signal.MinimumCount!.Value);

        FiringCase Once(string name, bool fires, Action<Site> happens) => new(name, fires, site => site.Pass(minutes, minute => { if (minute == minutes / 2) happens(site); }));

        return
        [
            Once("the share passes the threshold", true, site => Answer(site, ("500", percent + 1), ("200", 99 - percent))),
            Once("the share equals the threshold", false, site => Answer(site, ("500", percent), ("200", 100 - percent))),
            Once("several codes of 5xx pass it together", true, site => Answer(site, ("500", 1), ("599", 1), ("503", percent), ("202", 98 - percent))),
            Once("callers are refused with 4xx", false, site => Answer(site, ("429", 500), ("499", 500), ("404", 100))),
            Once("requests without an answer are none of 5xx", false, site => Answer(site, ("", 1000))),
            Once("as few requests as say something all failed", true, site => Answer(site, ("500", least))),
            Once("fewer requests than say something all failed", false, site => Answer(site, ("500", least - 1))),
            Once("sampled requests stand for many", true, site =>
            {
                site.Called("500", count: percent + 1);
                site.Called("200", count: 99 - percent);
            }),
            Once("sampled requests that failed stand for few", false, site =>
            {
                site.Called("500");
                site.Called("200", count: 1000);
            }),
            Once("the calls of other functions count for nothing", true, site =>
            {
                Answer(site, ("500", percent + 1), ("200", 99 - percent));
                site.Called("0", count: 100_000, http: false);
            }),
            Once("no request came", false, _ => { }),
            new("requests failed before the time", false, site =>
            {
                site.Pass(1, _ => Answer(site, ("500", 1000)));
                site.Pass(minutes, _ => Answer(site, ("200", 10)));
            }),
            new("requests were answered before the time", true, site =>
            {
                site.Pass(1, _ => Answer(site, ("200", 10_000)));
                site.Pass(minutes, _ => Answer(site, ("500", 10)));
            }),
            new("requests fail since the time has ended", false, site => site.Pass(minutes, _ => Answer(site, ("200", 10)))) { Since = (site, _) => Answer(site, ("500", 1000)) },
            new("telemetry takes three minutes to arrive", true, site =>
            {
                site.Delay = TimeSpan.FromMinutes(3);
                site.Pass(minutes, minute => { if (minute == minutes - 1) Answer(site, ("500", 100)); });
            }),
        ];
    }

    private static void Answer(Site site, params (string Code, int Times)[] answers)
    {
        foreach (var (code, times) in answers)
        {
            for (var i = 0; i < times; i++)
                site.Called(code);
        }
    }
}
