namespace Headgate.Core.Failures;

/// <summary>One line of the taxonomy: any of these phrases, error codes or exit codes means this class.</summary>
/// <param name="Name">Stable name, for tests and explanations.</param>
/// <param name="Class">What a match means.</param>
/// <param name="Phrases">Lower-case phrases, found anywhere in the text whatever its case.</param>
/// <param name="Codes">Error codes, compared without case, and found in text as whole words.</param>
/// <param name="ExitCodes">Exit codes; looked at only when no rule matches code or text.</param>
public sealed record FailureRule(string Name, FailureClass Class, string[] Phrases, string[] Codes, int[] ExitCodes)
{
    public bool MatchesCode(string code) => Array.Exists(Codes, known => known.Equals(code, StringComparison.OrdinalIgnoreCase));

    public bool MatchesText(ReadOnlySpan<char> text)
    {
        foreach (var phrase in Phrases)
        {
            if (text.Contains(phrase, StringComparison.OrdinalIgnoreCase))
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
