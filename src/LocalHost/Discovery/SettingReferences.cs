using Headgate.Core.Validation;
using Microsoft.Extensions.Configuration;

namespace Headgate.LocalHost.Discovery;

/// <summary>Replaces <c>%Name%</c> in triggers by the setting of that name.</summary>
internal sealed class SettingReferences(IConfiguration configuration, Problems problems)
{
    /// <summary>The text with its references replaced; null where a setting is missing, which is a problem of the function.</summary>
    public string? Resolve(string text, string function)
    {
        // Every second part stands between two signs.
        var parts = text.Split('%');
        if (parts.Length % 2 == 0)
            problems.Add(function, $"'{text}' opens a reference to a setting and does not close it");
        var complete = parts.Length % 2 == 1;
        for (var i = 1; i < parts.Length - 1; i += 2)
        {
            if (configuration[parts[i]] is { Length: > 0 } value)
            {
                parts[i] = value;
                continue;
            }

            problems.Add(function, $"the setting '{parts[i]}' is missing");
            complete = false;
        }

        return complete ? string.Concat(parts) : null;
    }
}
