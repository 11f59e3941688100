using System.Text.RegularExpressions;

namespace Headgate.Infrastructure.Tests.Bicep.Checks;

/// <summary>No file holds what looks like a secret.</summary>
internal static partial class SecretChecks
{
    public static IEnumerable<Problem> Of(string path, string text) =>
        from line in text.Split('\n').Select((words, index) => (Words: words, Number: index + 1))
        from Match match in Known().Matches(line.Words).Concat(Random().Matches(line.Words).Where(IsRandom))
        select new Problem(path, line.Number, "secret", $"'{match.Value[..Math.Min(match.Length, 12)]}…' looks like a secret");

    // Names and sentences have no digits amid capitals and small letters; keys have.
    private static bool IsRandom(Match match) =>
        match.Value.Any(char.IsAsciiDigit) && match.Value.Any(char.IsAsciiLetterUpper) && match.Value.Any(char.IsAsciiLetterLower) && !Version().IsMatch(match.Value);

    [GeneratedRegex(@"(AccountKey|SharedAccessKey|SharedAccessSignature|Password|pwd)\s*=\s*[^;'\s""$]+|hg_[a-z0-9]{4,}_[A-Za-z0-9]{16,}|-----BEGIN|eyJ[A-Za-z0-9_-]{20,}|[?&]sig=", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Known();

    [GeneratedRegex("(?<![A-Za-z0-9+/_=.-])[A-Za-z0-9+/_=-]{32,}(?![A-Za-z0-9+/_=.-])")]
    private static partial Regex Random();

    // Paths of types and files: words parted by slashes, hyphens or underscores.
    [GeneratedRegex("^([A-Za-z]+[0-9]?[/_-]+)+[A-Za-z0-9]+$", RegexOptions.ExplicitCapture)]
    private static partial Regex Version();
}
