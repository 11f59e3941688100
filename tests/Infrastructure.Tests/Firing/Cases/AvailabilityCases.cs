using Headgate.Infrastructure.Tests.Firing.Telemetry;
using Headgate.Infrastructure.Tests.Rules;

namespace Headgate.Infrastructure.Tests.Firing.Cases;

/// <summary>The availability test calls from five places, each every five minutes.</summary>
internal static class AvailabilityCases
{
    private const int Places = 5;

    public static IReadOnlyList<FiringCase> Of(AlertRule rule)
    {
        var minutes = rule.ForMinutes;
        return
        [
            new("more places than the threshold fail", true, site => site.Pass(minutes, _ => Look(site, rule.Threshold + 1))),
            new("all places fail", true, site => site.Pass(minutes, _ => Look(site, Places))),
            new("as many places as the threshold fail", false, site => site.Pass(minutes, _ => Look(site, rule.Threshold))),
            new("no place fails", false, site => site.Pass(minutes, _ => Look(site, 0))),
            new("all places failed until the time began", false, site =>
            {
                site.Pass(minutes, _ => Look(site, Places));
                site.Pass(minutes, _ => Look(site, 0));
            }),
        ];
    }

    /// <summary>One place a minute, in turn.</summary>
    /// <param name="site">Of what.</param>
    /// <param name="failing">How many of the places cannot reach it.</param>
    public static void Look(Site site, int failing)
    {
        var place = site.Availability.Count % Places;
        site.Availability.Add((site.Now, $"place {place}", place >= failing));
    }
}
