using Headgate.Core.Identity;
using Headgate.Core.Validation;

namespace Headgate.Functions.Options;

/// <summary>Reads which rules file holds and who is told. Secrets never stand in a problem.</summary>
internal static class AlertSettings
{
    public const int MaxReceivers = 5;

    private const string SecretPrefix = "whsec_";
    private const int LeastKeyBytes = 24;
    private const int MostKeyBytes = 64;
    private const int MaxUrl = 500;

    public static AlertOptions Read(SettingsReader settings)
    {
        var file = settings.Text("Alerts:RulesFile", "", 1000);
        var problems = new Problems();
        var rules = file.Length == 0 ? AlertOptions.Default.Rules : AlertRuleFile.Open(file, problems);
        foreach (var problem in problems.Items)
            settings.Problem("Alerts:RulesFile", $"'{file}': {problem}");
        var names = settings.Names("Notifications");
        if (names.Count > MaxReceivers)
            settings.Problem("Notifications", $"must name at most {MaxReceivers} receivers, not {names.Count}");
        if (file.Length == 0 && names.Count == 0)
            return AlertOptions.Default;
        return new AlertOptions(rules, [.. names.Take(MaxReceivers).Order(StringComparer.Ordinal).Select(name => Receiver(settings, name)).OfType<NotificationReceiver>()]);
    }

    private static NotificationReceiver? Receiver(SettingsReader settings, string name)
    {
        var (url, secret, allow) = ($"Notifications:{name}:Url", $"Notifications:{name}:Secret", $"Notifications:{name}:AllowPrivate");
        var allowPrivate = settings.Bool(allow, false);
        var (address, key) = (settings.Text(url, "", MaxUrl), Key(settings.Text(secret, "", 200)));
        var isName = Grammar.IsPolicyName(name);
        if (!isName)
            settings.Problem($"Notifications:{name}", "is no good name: use up to 64 letters, digits, _ and -");
        if (!Uri.TryCreate(address, UriKind.Absolute, out var target) || !(target.Scheme == Uri.UriSchemeHttps || (target.Scheme == Uri.UriSchemeHttp && allowPrivate)))
            settings.Problem(url, "must be an https address, or an http one where AllowPrivate is true");
        else if (target.UserInfo.Length > 0)
            settings.Problem(url, "must not hold a user or password");
        else if (key is not null && isName)
            return new(name, target, key, allowPrivate);
        if (key is null)
            settings.Problem(secret, $"must be '{SecretPrefix}' and {LeastKeyBytes} to {MostKeyBytes} bytes in base64");
        return null;
    }

    private static byte[]? Key(string secret)
    {
        if (!secret.StartsWith(SecretPrefix, StringComparison.Ordinal))
            return null;
        Span<byte> bytes = stackalloc byte[256];
        return Convert.TryFromBase64Chars(secret.AsSpan(SecretPrefix.Length), bytes, out var count) && count is >= LeastKeyBytes and <= MostKeyBytes ? bytes[..count].ToArray() : null;
    }
}
