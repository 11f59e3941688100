using System.Buffers;
using System.Text;

namespace Headgate.Ports.Limits;

/// <summary>The grammar of partition and row keys.</summary>
public static class KeyGrammar
{
    private const int MaxLength = 255;
    private static readonly SearchValues<char> s_reserved = SearchValues.Create("/\\#?");

    /// <summary>1..255 characters of well-formed Unicode without <c>/ \ # ?</c> and control characters.</summary>
    public static bool IsValid(string key) =>
        key.Length is > 0 and <= MaxLength && !key.AsSpan().ContainsAny(s_reserved)
        && (!key.AsSpan().ContainsAnyExceptInRange(' ', '~') || AllRunes(key, rune => !Rune.IsControl(rune)));

    /// <exception cref="ArgumentException">The key breaks the grammar.</exception>
    public static void Check(string key, string kind)
    {
        if (!IsValid(key))
            throw new ArgumentException($"The {kind} key must have 1 to {MaxLength} characters without / \\ # ?, control characters and unpaired surrogates.", nameof(key));
    }

    /// <summary>Whether the text has no unpaired surrogate.</summary>
    public static bool IsWellFormed(string text) => !text.AsSpan().ContainsAnyInRange('\ud800', '\udfff') || AllRunes(text, _ => true);

    private static bool AllRunes(ReadOnlySpan<char> rest, Func<Rune, bool> accepts)
    {
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var length) != OperationStatus.Done || !accepts(rune))
                return false;
            rest = rest[length..];
        }

        return true;
    }
}
