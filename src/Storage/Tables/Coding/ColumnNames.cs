using System.Text;

namespace Headgate.Storage.Tables.Coding;

/// <summary>
/// Caches column names, so that reading a row allocates no strings for them. Names with the same hash replace each other, and threads may
/// race: either costs one string.
/// </summary>
internal static class ColumnNames
{
    private const int Places = 8192;
    private static readonly string?[] Known = new string?[Places];

    public static string Get(ReadOnlySpan<byte> ascii)
    {
        var hash = new HashCode();
        hash.AddBytes(ascii);
        ref var place = ref Known[(uint)hash.ToHashCode() % Places];
        var known = place;
        if (known is not null && Ascii.Equals(ascii, known))
            return known;
        return place = Encoding.ASCII.GetString(ascii);
    }
}
