using Headgate.Infrastructure.Tests.Firing.Telemetry;
using Headgate.Infrastructure.Tests.Rules;

namespace Headgate.Infrastructure.Tests.Firing.Cases;

/// <summary>A gauge is measured at each minute's begin by one process and exported half a minute later.</summary>
internal static class GaugeCases
{
    public static IReadOnlyList<FiringCase> Of(AlertRule rule)
    {
        var (signal, minutes, over, fine) = (rule.Signal, rule.ForMinutes, rule.Threshold + 1.0, (double)rule.Threshold);

        // Null: no process is there in that minute.
        FiringCase Samples(string name, bool fires, Func<int, double?> sample) => new(name, fires, site =>
            site.Pass(minutes, minute => { if (sample(minute) is { } value) site["one"].Measure(signal, value); }, (minute, _) => sample(minute) is not null));

        return
        [
            Samples("every sample passes the threshold", true, _ => over),
            Samples("every sample passes it by far", true, _ => 1e9),
            Samples("every sample equals the threshold", false, _ => fine),
            Samples("every sample is 0", false, _ => 0),
            Samples("the first sample equals the threshold", false, minute => minute == 0 ? fine : over),
            Samples("one sample amid the others is 0", false, minute => minute == minutes / 2 ? 0 : over),
            Samples("the last sample equals the threshold", false, minute => minute == minutes - 1 ? fine : over),
            Samples("a third of the samples is missing", true, minute => minute % 3 == 1 ? null : over),
            Samples("more than a third of the samples is missing", false, minute => minute % 3 == 1 || minute == 0 ? null : over),
            Samples("no process is there", false, _ => null),
            new("all other series pass it by far", false, site => site.Pass(minutes, _ => site["one"].Measure(signal, 0, others: 1e9))),
            new("it passed until the time began", false, site =>
            {
                site.Pass(minutes, _ => site["one"].Measure(signal, over));
                site.Pass(minutes, _ => site["one"].Measure(signal, fine));
            }),
            new("it was fine until the time began", true, site =>
            {
                site.Pass(minutes, _ => site["one"].Measure(signal, fine));
                site.Pass(minutes, _ => site["one"].Measure(signal, over));
            }),
            new("it passes since the time has ended", false, site => site.Pass(minutes, _ => site["one"].Measure(signal, fine)))
            {
                Since = (site, _) => site["one"].Measure(signal, over),
            },
            new("it passed all the time and is fine since", true, site => site.Pass(minutes, _ => site["one"].Measure(signal, over)))
            {
                Since = (site, _) => site["one"].Measure(signal, fine),
            },
            new("telemetry takes three minutes to arrive", true, site =>
            {
                site.Delay = TimeSpan.FromMinutes(3);
                site.Pass(minutes, _ => site["one"].Measure(signal, over));
            }),
            new("a fine sample at the first instant of the time", false, site =>
            {
                site.Phase = TimeSpan.Zero;
                site.Pass(minutes, minute => site["one"].Measure(signal, minute == 0 ? fine : over));
            }),
            new("a fine sample at the instant at which the time has ended", true, site =>
            {
                site.Phase = TimeSpan.Zero;
                site.Pass(minutes, _ => site["one"].Measure(signal, over));
            })
            {
                Since = (site, _) => site["one"].Measure(signal, fine),
            },
            new("two processes measure by turns, each gone after its minute", true, site =>
                site.Pass(minutes, minute => site[Turn(minute)].Measure(signal, over), (minute, process) => process == Turn(minute))),
            new("two processes measure by turns and stay, and what one of them measures passes", true, site =>
                site.Pass(minutes, minute => site[Turn(minute)].Measure(signal, minute % 2 == 0 ? over : fine))),
            new("a process that measures no more repeats a fine value", true, site =>
            {
                site.Pass(1, _ => site["one"].Measure(signal, fine));
                site.Pass(minutes, _ => site["two"].Measure(signal, over));
            }),
            new("a process that measures no more repeats a value that passes, for two minutes, then for good nothing", false, site =>
            {
                site.Pass(minutes - 3, _ => site["one"].Measure(signal, over));
                site.Pass(3, _ => site["two"].Measure(signal, fine));
            }),
            new("its two repeated values fill the time", true, site =>
            {
                site.Pass(minutes - 2, _ => site["one"].Measure(signal, over));
                site.Pass(2, _ => site["two"].Measure(signal, fine));
            }),
        ];
    }

    private static string Turn(int minute) => minute % 2 == 0 ? "one" : "two";
}
