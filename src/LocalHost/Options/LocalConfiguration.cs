using Microsoft.Extensions.Configuration;

namespace Headgate.LocalHost.Options;

/// <summary>The function app's settings on this host: defaults for one machine, then the environment unless it is left out, then the command line. The last one wins.</summary>
internal static class LocalConfiguration
{
    // Timers are six fields of NCRONTAB, seconds first: leases are judged and schedules fired each second, maintenance runs every 15.
    private static readonly Dictionary<string, string?> s_defaults = new(StringComparer.OrdinalIgnoreCase)
    {
        ["LeaseSweep"] = "* * * * * *",
        ["Maintenance"] = "*/15 * * * * *",
        ["ScheduleSweep"] = "* * * * * *",
        ["Headgate:Claims:MaxWaitSeconds"] = "30",
        ["Headgate:Admission:MaxHeldCalls"] = "5000",
    };

    public static IConfiguration Build(LocalHostOptions options)
    {
        var builder = new ConfigurationBuilder().AddInMemoryCollection(s_defaults);
        if (options.ReadsEnvironment)
            builder.AddEnvironmentVariables();
        return builder.AddInMemoryCollection(options.Settings).Build();
    }
}
