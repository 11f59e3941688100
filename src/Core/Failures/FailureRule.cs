namespace Headgate.Core.Failures;

/// <summary>Any of these phrases, error codes or exit codes means this class.</summary>
/// <param name="Name">For tests and explanations.</param>
/// <param name="Class">What a match means.</param>
/// <param name="Phrases">Found anywhere in the text, ignoring case. <c>…</c> matches at most 32 characters of the same line.</param>
/// <param name="Codes">Compared ignoring case, and found in text as whole words.</param>
/// <param name="ExitCodes">Checked only if no rule matches code or text.</param>
public sealed record FailureRule(string Name, FailureClass Class, string[] Phrases, string[] Codes, int[] ExitCodes)
{
    private const char Gap = '…';
    private const int LongestGap = 32;

    public bool MatchesCode(string code) => Array.Exists(Codes, known => known.Equals(code, StringComparison.OrdinalIgnoreCase));

    public bool MatchesText(ReadOnlySpan<char> text)
    {
        foreach (var phrase in Phrases)
        {
            if (ContainsPhrase(text, phrase))
                return true;
        }

        foreach (var code in Codes)
        {
            if (ContainsWord(text, code))
                return true;
        }

        return false;
    }

    public bool MatchesExitCode(int exitCode) => Array.IndexOf(ExitCodes, exitCode) >= 0;

    private static bool ContainsPhrase(ReadOnlySpan<char> text, ReadOnlySpan<char> phrase)
    {
        var gap = phrase.IndexOf(Gap);
        if (gap < 0)
            return text.Contains(phrase, StringComparison.OrdinalIgnoreCase);
        while (text.IndexOf(phrase[..gap], StringComparison.OrdinalIgnoreCase) is >= 0 and var at)
        {
            text = text[(at + gap)..];
            if (FollowsSoon(text, phrase[(gap + 1)..]))
                return true;
        }

        return false;
    }

    /// <summary>Whether the rest of a phrase follows within the gap; each further part has a gap of its own.</summary>
    private static bool FollowsSoon(ReadOnlySpan<char> text, ReadOnlySpan<char> phrase)
    {
        var gap = phrase.IndexOf(Gap);
        var part = gap < 0 ? phrase : phrase[..gap];
        var line = text.IndexOfAny('\r', '\n') is >= 0 and var end ? text[..end] : text;
        var window = line[..Math.Min(line.Length, LongestGap + part.Length)];
        for (var from = 0; window[from..].IndexOf(part, StringComparison.OrdinalIgnoreCase) is >= 0 and var at; from += at + 1)
        {
            if (gap < 0 || FollowsSoon(line[(from + at + part.Length)..], phrase[(gap + 1)..]))
                return true;
        }

        return false;
    }

    private static bool ContainsWord(ReadOnlySpan<char> text, string word)
    {
        for (var start = 0; ;)
        {
            var at = text[start..].IndexOf(word, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
                return false;
            at += start;
            var end = at + word.Length;
            if ((at == 0 || !IsWordCharacter(text[at - 1])) && (end == text.Length || !IsWordCharacter(text[end])))
                return true;
            start = at + 1;
        }
    }

    private static bool IsWordCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character == '_';
}
