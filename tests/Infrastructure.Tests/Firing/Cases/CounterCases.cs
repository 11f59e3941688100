using Headgate.Infrastructure.Tests.Firing.Telemetry;
using Headgate.Infrastructure.Tests.Rules;

namespace Headgate.Infrastructure.Tests.Firing.Cases;

/// <summary>A counter is exported by each process that counted since it last did, and by no other: a window without growth has no row.</summary>
internal static class CounterCases
{
    public static IReadOnlyList<FiringCase> Of(AlertRule rule)
    {
        var (signal, minutes, width, over, fine) = (rule.Signal, rule.ForMinutes, rule.WindowMinutes, rule.Threshold + 1, rule.Threshold);
        var windows = minutes / width;

        // Half of a window's growth comes from each of two processes, half of it two minutes later.
        FiringCase Growth(string name, bool fires, Func<int, int> growth) => new(name, fires, site => site.Pass(minutes, minute =>
        {
            var (window, at) = Math.DivRem(minute, width);
            if (at == width / 2)
                site["one"].Count(signal, growth(window) - (growth(window) / 2));
            else if (at == (width / 2) + 2)
                site["two"].Count(signal, growth(window) / 2);
        }));

        return
        [
            Growth("growth over two processes passes the threshold in every window", true, _ => over),
            Growth("growth equals the threshold in every window", false, _ => fine),
            Growth("growth equals the threshold in the first window", false, window => window == 0 ? fine : over * 10),
            Growth("growth equals the threshold in the last window", false, window => window == windows - 1 ? fine : over * 10),
            Growth("one window amid the others has no growth", false, window => window == windows / 2 ? 0 : over * 10),
            Growth("nothing grows", false, _ => 0),
            new("every minute counts", true, site => site.Pass(minutes, _ => site["one"].Count(signal, (over + width - 1) / width))),
            new("everything else grows by far", false, site => site.Pass(minutes, _ => site["one"].CountOthers(signal))),
            new("no process is there", false, site => site.Pass(minutes, _ => { })),
            new("it grew before the time", false, site =>
            {
                site.Pass(1, _ => site["one"].Count(signal, over * windows));
                site.Pass(minutes, _ => { });
            }),
            new("it grows since the time has ended", false, site => site.Pass(minutes, _ => { })) { Since = (site, _) => site["one"].Count(signal, over * windows) },
            new("it passed in every window and grows no more", true, site => site.Pass(minutes, _ => site["one"].Count(signal, over))),
            new("telemetry takes three minutes to arrive", true, site =>
            {
                site.Delay = TimeSpan.FromMinutes(3);
                site.Pass(minutes, minute => { if (minute % width == width - 1) site["one"].Count(signal, over); });
            }),
            new("each window's growth is exported at its first instant, and a little more at the instant at which the time has ended", true, site =>
            {
                site.Phase = TimeSpan.Zero;
                site.Pass(minutes, minute => { if (minute % width == 0) site["one"].Count(signal, over); });
            })
            {
                Since = (site, minute) => site["one"].Count(signal, minute == 0 ? 1 : 0),
            },
            new("each window has another process, gone after its export", true, site =>
                site.Pass(minutes, minute => { if (minute % width == 0) site[$"{minute}"].Count(signal, over); }, (minute, process) => process == $"{minute}")),
        ];
    }
}
