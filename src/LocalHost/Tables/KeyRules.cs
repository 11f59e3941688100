using System.Buffers;
using System.Text;

namespace Headgate.LocalHost.Tables;

/// <summary>The grammar and order of partition and row keys.</summary>
internal static class KeyRules
{
    private const int MaxLength = 255;
    private static readonly SearchValues<char> Reserved = SearchValues.Create("/\\#?");

    /// <summary>1..255 characters of well-formed Unicode without <c>/ \ # ?</c> and control characters.</summary>
    public static bool IsValid(string key)
    {
        if (key.Length is 0 or > MaxLength || key.AsSpan().ContainsAny(Reserved))
            return false;
        if (!key.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return true;
        var rest = key.AsSpan();
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var length) != OperationStatus.Done || Rune.IsControl(rune))
                return false;
            rest = rest[length..];
        }

        return true;
    }

    /// <exception cref="ArgumentException">The key breaks the grammar.</exception>
    public static void Check(string key, string kind)
    {
        if (!IsValid(key))
            throw new ArgumentException($"The {kind} key must have 1 to {MaxLength} characters without / \\ # ? and control characters, and no half of a surrogate pair.", nameof(key));
    }

    /// <summary>
    /// The order SQLite gives its text: by code point, as UTF-8 bytes sort. Differs from comparing UTF-16 units only where a surrogate
    /// pair meets a character above it in the basic plane.
    /// </summary>
    public static int Compare(string left, string right)
    {
        var same = left.AsSpan().CommonPrefixLength(right);
        if (same == left.Length || same == right.Length)
            return left.Length.CompareTo(right.Length);
        var (a, b) = (left[same], right[same]);
        // A surrogate stands for a code point past everything that one unit can say.
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
    }
}
