using System.Text.RegularExpressions;
using Headgate.Core.Validation;
using Microsoft.Extensions.Configuration;

namespace Headgate.LocalHost.Discovery;

/// <summary>Replaces <c>%Name%</c> in triggers by the setting of that name.</summary>
internal sealed partial class SettingReferences(IConfiguration configuration, Problems problems)
{
    /// <summary>The text with its references replaced; null where a setting is missing, which is a problem of the function.</summary>
    public string? Resolve(string text, string function)
    {
        var missing = false;
        var resolved = Reference().Replace(text, match =>
        {
            var name = match.Groups["name"].Value;
            if (configuration[name] is { Length: > 0 } value)
                return value;
            problems.Add(function, $"the setting '{name}' is missing");
            missing = true;
            return "";
        });
        return missing ? null : resolved;
    }

    [GeneratedRegex("%(?<name>[^%]+)%", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference();
}
