using System.Text.Json;
using System.Text.RegularExpressions;

namespace Headgate.Infrastructure.Tests.Rules;

/// <summary>No file holds a secret, or what looks like one.</summary>
internal static partial class Secrets
{
    /// <summary>What looks like a secret, by line.</summary>
    public static IEnumerable<string> In(string path, string text) =>
        from line in text.Split('\n').Select((words, index) => (Words: words, Number: index + 1))
        from Match match in Known().Matches(line.Words).Concat(Random().Matches(line.Words).Where(IsRandom))
        select $"{path}({line.Number}): '{match.Value[..Math.Min(match.Length, 12)]}…' looks like a secret";

    /// <summary>Secret parameters of the template to which the text of a parameter file gives another value than one of the environment.</summary>
    public static IEnumerable<string> InClear(string text, JsonElement template) =>
        from parameter in template.GetProperty("parameters").EnumerateObject()
        where parameter.Value.TryGetProperty("type", out var type) && type.GetString() is "securestring" or "secureObject"
        from line in text.Split('\n')
        where line.StartsWith($"param {parameter.Name} ", StringComparison.Ordinal) && !line.StartsWith($"param {parameter.Name} = readEnvironmentVariable(", StringComparison.Ordinal)
        select $"'{parameter.Name}' is secret and may only come from the environment";

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
