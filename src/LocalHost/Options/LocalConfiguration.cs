using Microsoft.Extensions.Configuration;

namespace Headgate.LocalHost.Options;

/// <summary>The app's settings on this host: defaults for one machine, the environment, then the command line.</summary>
internal static class LocalConfiguration
{
    private static readonly Dictionary<string, string?> s_defaults = new(StringComparer.OrdinalIgnoreCase)
    {
        ["LeaseSweep"] = "* * * * * *",
        ["Maintenance"] = "*/15 * * * * *",
        ["Headgate:Claims:MaxWaitSeconds"] = "30",
    };

    public static IConfiguration Build(LocalHostOptions options) => new ConfigurationBuilder()
        .AddInMemoryCollection(s_defaults)
        .AddEnvironmentVariables()
        .AddInMemoryCollection(options.Settings)
        .Build();
}
