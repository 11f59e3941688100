using System.Globalization;

namespace Headgate.Core.Identity;

/// <summary>Run ids: 12 hexadecimal digits of inverted milliseconds, then 16 random ones. Ascending ids list newest first.</summary>
public static class RunId
{
    public const int Length = 28;
    private const long Latest = 0xFFFF_FFFF_FFFF;

    public static string Create(DateTimeOffset at, ulong chance) =>
        string.Create(Length, (Time: Latest - at.ToUnixTimeMilliseconds(), Chance: chance), static (text, parts) =>
        {
            parts.Time.TryFormat(text, out _, "x12", CultureInfo.InvariantCulture);
            parts.Chance.TryFormat(text[12..], out _, "x16", CultureInfo.InvariantCulture);
        });

    /// <summary>Whether the text has the form of a run id; the run may not exist.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        if (text.Length != Length)
            return false;
        foreach (var character in text)
        {
            if (!char.IsAsciiHexDigitLower(character))
                return false;
        }

        return true;
    }

    /// <summary>To the millisecond. The id must be well-formed.</summary>
    public static DateTimeOffset CreatedAt(string runId) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Latest - long.Parse(runId.AsSpan(0, 12), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
}
