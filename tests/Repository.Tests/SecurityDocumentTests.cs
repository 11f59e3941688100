using System.Text.RegularExpressions;

namespace Headgate.Repository.Tests;

/// <summary>docs/security.md names tests that exist, for every threat and every weakness.</summary>
public sealed partial class SecurityDocumentTests
{
    private static readonly string[] s_lines = Tree.Named("docs/security.md").Lines;

    [Fact]
    public void Tests_NamedInTheDocument_Exist()
    {
        var methods = Tree.Tests.SelectMany(file => Method().Matches(file.Text)).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);

        Findings.None("docs/security.md names tests that are not there:", s_lines.SelectMany(NamedBy).Where(name => !methods.Contains(name)));
    }

    [Fact]
    public void Rows_OfTheDocument_NameATestEach() =>
        Findings.None("docs/security.md has rows without a test:",
            s_lines.Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| | ", StringComparison.Ordinal) && !line.StartsWith("| threat ", StringComparison.Ordinal) && !NamedBy(line).Any()));

    [Fact]
    public void Weaknesses_OneToTwenty_AreAnsweredInOrder() =>
        Assert.Equal(
            Enumerable.Range(1, 20).Select(number => $"G{number}"),
            s_lines.Where(line => line.StartsWith("| G", StringComparison.Ordinal)).Select(line => line.Split('|')[1].Trim()));

    private static IEnumerable<string> NamedBy(string line) => Named().Matches(line).Select(match => match.Groups["name"].Value);

    [GeneratedRegex(@"`(?<name>[A-Z]\w*[a-z]\w*_\w+_\w+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Named();

    [GeneratedRegex(@"(?:void|Task|IEnumerable<\w+>) (?<name>[A-Z]\w+_\w+_\w+)\(", RegexOptions.ExplicitCapture)]
    private static partial Regex Method();
}
