using Headgate.Infrastructure.Tests.Firing.Telemetry;
using Headgate.Infrastructure.Tests.Rules;

namespace Headgate.Infrastructure.Tests.Firing.Cases;

/// <summary>Retries in percent of settled attempts.</summary>
internal static class RatioCases
{
    public static IReadOnlyList<FiringCase> Of(AlertRule rule)
    {
        if (rule.Signal is not { Instrument: "headgate.retries", Per: "headgate.attempts", MinimumCount: { } least })
            throw new NotSupportedException($"{rule.Id} has no cases.");
        var (minutes, percent) = (rule.ForMinutes, rule.Threshold);

        FiringCase Once(string name, bool fires, Action<Site> happens) => new(name, fires, site => site.Pass(minutes, minute => { if (minute == minutes / 2) happens(site); }));

        return
        [
            Once("the share passes the threshold", true, site => Settle(site["one"], percent + 1, 99 - percent)),
            Once("the share equals the threshold", false, site => Settle(site["one"], percent, 100 - percent)),
            Once("as few attempts as say something were all retried", true, site => Settle(site["one"], least, 0)),
            Once("fewer attempts than say something were all retried", false, site => Settle(site["one"], least - 1, 0)),
            Once("nothing was retried", false, site => Settle(site["one"], 0, 1000)),
            Once("attempts fail and are not retried", false, site => Fail(site["one"], 1000)),
            Once("one process has the retries, another the rest", true, site =>
            {
                Settle(site["one"], percent + 1, 0);
                Settle(site["two"], 0, 99 - percent);
            }),
            Once("another process has as many attempts without a retry", false, site =>
            {
                Settle(site["one"], percent + 1, 99 - percent);
                Settle(site["two"], 0, 100);
            }),
            Once("no attempt was settled", false, _ => { }),
            new("the share passed before the time", false, site =>
            {
                site.Pass(1, _ => Settle(site["one"], 1000, 0));
                site.Pass(minutes, _ => Settle(site["one"], 0, 10));
            }),
            new("the share was fine before the time", true, site =>
            {
                site.Pass(1, _ => Settle(site["one"], 0, 1000));
                site.Pass(minutes, _ => Settle(site["one"], 10, 0));
            }),
            new("the share passes since the time has ended", false, site => site.Pass(minutes, _ => Settle(site["one"], 0, 10))) { Since = (site, _) => Settle(site["one"], 1000, 0) },
            new("retries at the instant at which the time has ended", false, site =>
            {
                site.Phase = TimeSpan.Zero;
                site.Pass(minutes, _ => Settle(site["one"], 0, 10));
            })
            {
                Since = (site, _) => Settle(site["one"], 1000, 0),
            },
        ];
    }

    public static void Settle(AppProcess process, int retried, int done)
    {
        for (var i = 0; i < retried; i++)
            process.Metrics.AttemptSettled("work", "failure", "network", "retry", TimeSpan.FromSeconds(1));
        for (var i = 0; i < done; i++)
            process.Metrics.AttemptSettled("work", "success", null, "completed", TimeSpan.FromSeconds(1));
    }

    private static void Fail(AppProcess process, int attempts)
    {
        for (var i = 0; i < attempts; i++)
            process.Metrics.AttemptSettled("work", "failure", "network", "exhausted", TimeSpan.FromSeconds(1));
    }
}
