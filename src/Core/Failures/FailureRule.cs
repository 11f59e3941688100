namespace Headgate.Core.Failures;

/// <summary>Any of these phrases, error codes or exit codes means this class.</summary>
/// <param name="Name">For tests and explanations.</param>
/// <param name="Class">What a match means.</param>
/// <param name="Phrases">Found anywhere in the text, ignoring case. One <c>…</c> in a phrase matches at most 32 characters of the same line.</param>
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

    /// <summary>Whether a phrase's second part follows within the gap.</summary>
    private static bool FollowsSoon(ReadOnlySpan<char> text, ReadOnlySpan<char> part)
    {
        var line = text.IndexOfAny('\r', '\n') is >= 0 and var end ? text[..end] : text;
        return line[..Math.Min(line.Length, LongestGap + part.Length)].Contains(part, StringComparison.OrdinalIgnoreCase);
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
