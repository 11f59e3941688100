using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Headgate.Functions.Wire;

/// <summary>
/// The preference <c>wait</c> of the header <c>Prefer</c> (RFC 7240, section 4.3): how long the caller would be held rather than be refused. A preference is
/// no demand: one that can't be read, or not be followed, is as if it were not there.
/// </summary>
/// <param name="Seconds">1..30.</param>
public sealed record WaitPreference(int Seconds)
{
    public const int MaxSeconds = 30;

    public const string AppliedHeader = "Preference-Applied";

    private const string Header = "Prefer";

    /// <summary>What <see cref="AppliedHeader"/> says of it.</summary>
    public string Applied => $"wait={Seconds}";

    public TimeSpan Time => TimeSpan.FromSeconds(Seconds);

    public static WaitPreference? Read(HttpRequest request)
    {
        foreach (var field in request.Headers[Header])
        {
            // Of one preference that is given more than once, the first counts.
            foreach (var preference in Parts(field ?? "", ','))
            {
                var parts = Parts(preference, ';')[0].Split('=', 2, StringSplitOptions.TrimEntries);
                if (parts[0].Equals("wait", StringComparison.OrdinalIgnoreCase))
                    return parts.Length == 2 ? Of(HeaderUtilities.RemoveQuotes(parts[1])) : null;
            }
        }

        return null;
    }

    private static WaitPreference? Of(StringSegment text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= MaxSeconds ? new(seconds) : null;

    // What stands between quotes is one text, whatever is in it.
    private static List<string> Parts(string text, char separator)
    {
        var parts = new List<string>(1);
        var (from, isQuoted) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (isQuoted && text[i] == '\\')
                i++;
            else if (text[i] == '"')
                isQuoted = !isQuoted;
            else if (text[i] == separator && !isQuoted)
            {
                parts.Add(text[from..i].Trim());
                from = i + 1;
            }
        }

        parts.Add(text[from..].Trim());
        return parts;
    }
}
