namespace Headgate.Storage.Tables;

/// <summary>The order of partition and row keys.</summary>
internal static class KeyRules
{
    /// <summary>
    /// SQLite's order of text: by code point. Differs from the order of UTF-16 units only between a surrogate and a character above the
    /// surrogates.
    /// </summary>
    public static int Compare(string left, string right)
    {
        var same = left.AsSpan().CommonPrefixLength(right);
        if (same == left.Length || same == right.Length)
            return left.Length.CompareTo(right.Length);
        var (a, b) = (left[same], right[same]);
        // A surrogate is part of a code point above all that one unit can hold.
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
    }
}
