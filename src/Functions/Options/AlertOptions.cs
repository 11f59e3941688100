using System.Security.Cryptography;
using System.Text;
using Headgate.Core.Alerts;

namespace Headgate.Functions.Options;

/// <summary>What is watched, and who is told.</summary>
/// <param name="Rules">Those of the rules file, in its order.</param>
/// <param name="Receivers">Webhooks, in the order of their names.</param>
public sealed record AlertOptions(IReadOnlyList<AlertDefinition> Rules, IReadOnlyList<NotificationReceiver> Receivers)
{
    private static readonly Lazy<AlertOptions> s_default = new(() => new(AlertRuleFile.OfTheApp(), []));

    /// <summary>The rules that come with the app; nobody is told.</summary>
    public static AlertOptions Default => s_default.Value;
}

/// <summary>A rule of the rules file.</summary>
/// <param name="Id">Never used again for another rule.</param>
/// <param name="Title">In a few words.</param>
/// <param name="Description">In a sentence.</param>
/// <param name="Severity"><c>critical</c>, <c>error</c>, <c>warning</c> or <c>info</c>.</param>
/// <param name="Threshold">In the signal's unit.</param>
/// <param name="Runbook">File name of its page in <c>docs/runbooks</c>.</param>
/// <param name="Signal">What it watches; null where the app has no instrument for it.</param>
/// <param name="Rule">How the app evaluates it; null where it can't.</param>
/// <param name="NotMeasured">Why it can't; null where it does.</param>
public sealed record AlertDefinition(
    string Id,
    string Title,
    string Description,
    string Severity,
    double Threshold,
    string Runbook,
    AlertSignal? Signal,
    AlertRule? Rule,
    string? NotMeasured)
{
    /// <summary>From the repository's root.</summary>
    public string RunbookPath => $"docs/runbooks/{Runbook}";
}

/// <summary>What the app measures for a rule.</summary>
/// <param name="Kind">How the instrument is read.</param>
/// <param name="Instrument">By name.</param>
/// <param name="Labels">Which of its series.</param>
/// <param name="Per">The counter that makes 100 percent; of shares of counters alone.</param>
public sealed record AlertSignal(SignalKind Kind, string Instrument, IReadOnlyDictionary<string, string> Labels, string? Per);

public enum SignalKind
{
    /// <summary>What maintenance measured last.</summary>
    Gauge,

    Counter,

    /// <summary>A counter in percent of another.</summary>
    Ratio,

    /// <summary>HTTP requests answered 5xx, in percent of all.</summary>
    ServerErrors,

    /// <summary>Durations of HTTP requests.</summary>
    Durations,
}

/// <summary>A webhook that is told of alerts.</summary>
/// <param name="Name">The operator's word for it.</param>
/// <param name="Url">Where to; https unless <paramref name="AllowPrivate"/>.</param>
/// <param name="Key">Signs what is sent.</param>
/// <param name="AllowPrivate">Whether it may have an address that the internet can't reach.</param>
public sealed record NotificationReceiver(string Name, Uri Url, ReadOnlyMemory<byte> Key, bool AllowPrivate)
{
    /// <summary>Another one once address or key is another. Tells nothing of either.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(Url.OriginalString), 0, .. Key.Span]).AsSpan(0, 8));
}
