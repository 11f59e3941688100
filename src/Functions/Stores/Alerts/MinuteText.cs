using System.Globalization;

namespace Headgate.Functions.Stores.Alerts;

/// <summary>
/// Measured numbers as they stand in a column: <c>number:part,part;…</c> of one rule, <c>rule=part,part;…</c> of one minute. Ids of rules hold none of
/// these signs. What can't be read is left out: it was measured, not decided.
/// </summary>
public static class MinuteText
{
    public static string OfMinutes(IEnumerable<KeyValuePair<long, double[]>> minutes) =>
        string.Join(';', minutes.Select(minute => string.Create(CultureInfo.InvariantCulture, $"{minute.Key}:{Parts(minute.Value)}")));

    public static IEnumerable<KeyValuePair<long, double[]>> ToMinutes(string? text)
    {
        foreach (var entry in Entries(text))
        {
            if (entry.Split(':') is [var key, var parts] && long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var minute) && TryParts(parts) is { } values)
                yield return new(minute, values);
        }
    }

    public static string OfRules(IEnumerable<KeyValuePair<string, double[]>> rules) => string.Join(';', rules.Select(rule => $"{rule.Key}={Parts(rule.Value)}"));

    public static IEnumerable<KeyValuePair<string, double[]>> ToRules(string? text)
    {
        foreach (var entry in Entries(text))
        {
            if (entry.Split('=') is [var rule, var parts] && TryParts(parts) is { } values)
                yield return new(rule, values);
        }
    }

    private static string[] Entries(string? text) => text?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static string Parts(double[] parts) => string.Join(',', parts.Select(part => part.ToString("R", CultureInfo.InvariantCulture)));

    private static double[]? TryParts(string text)
    {
        var parts = text.Split(',');
        var values = new double[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]) || !double.IsFinite(values[i]))
                return null;
        }

        return values;
    }
}
