namespace Headgate.Browser.Tests.Support;

/// <summary>Debian's browser. Nothing is downloaded.</summary>
internal static class Chromium
{
    public const string Program = "/usr/bin/chromium";

    public static readonly string[] Arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"];

    /// <summary>Null where it is there, and where its absence is a failure: in continuous integration.</summary>
    public static string? Missing { get; } =
        File.Exists(Program) || IsSet("CI") || IsSet("HEADGATE_TEST_RESULTS") ? null : $"{Program} is not installed (apt-get install chromium).";

    // The second is .ci/run's own.
    private static bool IsSet(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 };
}

/// <summary>A test that needs the browser.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Chromium.Missing;
}

/// <inheritdoc cref="BrowserFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Chromium.Missing;
}
