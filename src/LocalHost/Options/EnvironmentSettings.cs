using System.Collections;
using System.Globalization;
using Headgate.Core.Validation;

namespace Headgate.LocalHost.Options;

/// <summary>The settings of this host that the environment may give; the command line goes before them.</summary>
internal static class EnvironmentSettings
{
    public const string Data = "HEADGATE_DATA";
    public const string Port = "HEADGATE_PORT";
    public const string Host = "HEADGATE_HOST";
    public const string Tables = "HEADGATE_TABLES";
    public const string AdminKey = "HEADGATE_ADMIN_KEY";

    /// <summary>Read where metrics are served.</summary>
    public const string ScrapeKey = "HEADGATE_SCRAPE_KEY";

    private const string Prefix = "HEADGATE_";
    private static readonly string[] s_names = [Data, Port, Host, Tables, AdminKey, ScrapeKey];

    /// <summary>A name that is nearly one of these is a problem; others with the prefix belong to other programs.</summary>
    /// <param name="environment">Names and values.</param>
    /// <param name="portIsGiven">The command line gives the port: what stands here is not judged.</param>
    /// <param name="problems">What is wrong goes here.</param>
    public static LocalHostOptions Read(IDictionary environment, bool portIsGiven, Problems problems)
    {
        foreach (var name in environment.Keys.Cast<string>().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            if (!IsServiceLink(environment, name) && !s_names.Contains(name, StringComparer.Ordinal) && NearestName.Of(name, s_names) is not null)
                problems.Add(name, UnknownSetting.Message(name, s_names));
        }

        return new LocalHostOptions
        {
            DataFolder = Text(environment, Data) ?? LocalHostOptions.DefaultDataFolder,
            Port = portIsGiven ? LocalHostOptions.DefaultPort : Number(environment, problems),
            Host = Text(environment, Host) ?? LocalHostOptions.DefaultHost,
            Tables = Text(environment, Tables),
            AdminKey = Text(environment, AdminKey),
        };
    }

    /// <summary>Whether Kubernetes, and not the operator, gave what looks like the port.</summary>
    public static bool HasServiceLink(IDictionary environment) => IsServiceLink(environment, Port);

    private static bool IsServiceLink(IDictionary environment, string name) => environment[name] is string text && ServiceLink.Is(name, text);

    private static string? Text(IDictionary environment, string name) => environment[name] is string { Length: > 0 } text ? text : null;

    private static int Number(IDictionary environment, Problems problems)
    {
        if (Text(environment, Port) is not { } text || ServiceLink.Is(Port, text))
            return LocalHostOptions.DefaultPort;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return port;
        problems.Add(Port, "must be a whole number");
        return LocalHostOptions.DefaultPort;
    }
}
