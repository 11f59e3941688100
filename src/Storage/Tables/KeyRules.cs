namespace Headgate.Storage.Tables;

/// <summary>The order of partition and row keys.</summary>
internal static class KeyRules
{
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
