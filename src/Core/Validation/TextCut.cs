namespace Headgate.Core.Validation;

/// <summary>Cuts long texts without splitting a surrogate pair.</summary>
public static class TextCut
{
    /// <summary>The beginning, at most this many UTF-16 units.</summary>
    public static string First(string text, int most) =>
        text.Length <= most ? text : text[..(most > 0 && char.IsSurrogatePair(text[most - 1], text[most]) ? most - 1 : most)];

    /// <summary>The end, at most this many UTF-16 units.</summary>
    public static string Last(string text, int most)
    {
        var from = text.Length - most;
        if (from <= 0)
            return text;
        return text[(from < text.Length && char.IsSurrogatePair(text[from - 1], text[from]) ? from + 1 : from)..];
    }
}
