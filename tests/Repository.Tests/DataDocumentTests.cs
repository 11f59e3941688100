using System.Text.RegularExpressions;

namespace Headgate.Repository.Tests;

/// <summary>docs/data.md against the code that makes keys and writes columns.</summary>
public sealed partial class DataDocumentTests
{
    private static readonly HashSet<string> s_words =
        [.. Word().Matches(Tree.Named("docs/data.md").Text).Select(match => match.Groups["word"].Value)];

    [Fact]
    public void Keys_OfTheCode_AreInTheDocument() =>
        Findings.None("docs/data.md names no row or partition that begins so:",
            Constant().Matches(Tree.Named("src/Functions/Stores/RowKeys.cs").Text)
                .Select(match => match.Groups["key"].Value)
                .Where(key => key != "!" && !s_words.Any(word => word == key || word.StartsWith(key + "{", StringComparison.Ordinal))));

    [Fact]
    public void Columns_ThatAreWritten_AreInTheDocument() =>
        Findings.None("docs/data.md names no such column:", Columns().Where(column => !s_words.Contains(column.Name)).Select(column => $"{column.Name} of {column.Path}"));

    [Fact]
    public void Columns_OfTheDocument_AreWritten()
    {
        var written = Columns().Select(column => column.Name).ToHashSet(StringComparer.Ordinal);

        Assert.True(written.Count > 90, $"Only {written.Count} columns were found in the sources.");
        Findings.None("Nothing writes these columns of docs/data.md:",
            Tree.Named("docs/data.md").Lines
                .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
                .SelectMany(line => Word().Matches(line.Split('|')[^2]).Select(match => match.Groups["word"].Value))
                .Where(word => !written.Contains(word)));
    }

    // Rows are written by initializers of Columns, a column a line or in line, some by constants.
    private static IEnumerable<(string Name, string Path)> Columns() =>
        from file in Tree.Product
        where file.Project == "src/Functions" && file.Text.Contains("Columns", StringComparison.Ordinal)
        from match in Column().Matches(file.Text)
        select (match.Groups["name"].Value, file.Path);

    [GeneratedRegex("`(?<word>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Word();

    [GeneratedRegex("""const string \w+ = "(?<key>[^"]+)";""", RegexOptions.ExplicitCapture)]
    private static partial Regex Constant();

    [GeneratedRegex("""(\{ "(?<name>\w+)",|columns\["(?<name>\w+)"\] =|^\s+\["(?<name>\w+)"\] =|[cC]olumns\.Add\("(?<name>\w+)"|const string \w*Column = "(?<name>\w+)"|columns\.Bytes\("(?<name>body\d)")""", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Column();
}
