using System.Text;

namespace Headgate.Storage.Tables.Coding;

/// <summary>
/// Column names as strings, without making a new one each time a row is read. A name that shares its place with another is made anew;
/// threads may overwrite each other's, which costs a string and nothing else.
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
