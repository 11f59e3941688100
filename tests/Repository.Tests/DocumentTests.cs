using System.Text.RegularExpressions;

namespace Headgate.Repository.Tests;

/// <summary>Documents point to what exists, and can be read as they are.</summary>
public sealed partial class DocumentTests
{
    private const int MaxLine = 120;

    private static IEnumerable<SourceFile> Documents => Tree.Files.Where(file => file.Path.EndsWith(".md", StringComparison.Ordinal));

    [Fact]
    public void Links_BetweenFiles_LeadSomewhere() =>
        Findings.None("Links that lead nowhere:",
            from document in Documents
            from Match link in Link().Matches(document.Text)
            let target = link.Groups["target"].Value
            where !target.Contains("://", StringComparison.Ordinal) && !Leads(document, target)
            select $"{document.Path}: {target}");

    [Fact]
    public void Paths_NamedInDocuments_Exist() =>
        Findings.None("Named, but not there:",
            from document in Documents
            from Match named in NamedPath().Matches(document.Text)
            let path = named.Groups["path"].Value.TrimEnd('/', '.')
            where !Tree.Exists(path)
            select $"{document.Path}: {path}");

    [Fact]
    public void Lines_OfDocuments_FitABrowserWindow() =>
        Findings.None($"Lines over {MaxLine} characters that are no table and no link:",
            from document in Documents
            from line in document.Lines.Select((text, index) => (Text: text, Number: index + 1))
            where line.Text.Length > MaxLine && !line.Text.StartsWith('|') && !line.Text.Contains("://", StringComparison.Ordinal)
            select $"{document.Path}:{line.Number}: {line.Text.Length}");

    [Theory]
    [InlineData("README.md")]
    [InlineData("ARCHITECTURE.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("CHANGELOG.md")]
    [InlineData("LICENSE")]
    [InlineData("host.json")]
    [InlineData("local.settings.sample.json")]
    [InlineData("global.json")]
    [InlineData(".editorconfig")]
    [InlineData(".ci/run")]
    [InlineData("docs/decisions/README.md")]
    public void House_File_IsThere(string path) => Assert.True(Tree.Exists(path));

    [Fact]
    public void Decisions_EachRecord_IsListedAndHasItsThreeParts()
    {
        var list = Tree.Named("docs/decisions/README.md").Text;
        Findings.None("Records that are not listed, or lack context, choice or consequences:",
            Documents.Where(document => document.Folder == "docs/decisions" && document.Name != "README.md")
                .Where(document => !list.Contains($"({document.Name})", StringComparison.Ordinal)
                    || !document.Text.Contains("**Context.**", StringComparison.Ordinal)
                    || !document.Text.Contains("**Choice.**", StringComparison.Ordinal)
                    || !document.Text.Contains("**Consequences.**", StringComparison.Ordinal))
                .Select(document => document.Path));
    }

    private static bool Leads(SourceFile document, string target)
    {
        var parts = target.Split('#', 2);
        var path = parts[0].Length == 0 ? document.Path : Path.GetRelativePath(Tree.Root, Path.GetFullPath(Path.Combine(Tree.Root, document.Folder, parts[0]))).Replace('\\', '/');
        if (!Tree.Exists(path))
            return false;
        return parts.Length == 1 || Heading().Matches(Tree.Named(path).Text).Any(heading => Anchor(heading.Groups["text"].Value) == parts[1]);
    }

    private static string Anchor(string heading) =>
        string.Concat(heading.Trim().ToLowerInvariant().Where(character => char.IsLetterOrDigit(character) || character is ' ' or '-' or '_')).Replace(' ', '-');

    [GeneratedRegex(@"\[[^\]]*\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<![\w/.{])(?<path>(?:src|tests|docs|eng|infra|samples)/[\w./-]*\w)", RegexOptions.ExplicitCapture)]
    private static partial Regex NamedPath();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Heading();
}
