using System.Text.RegularExpressions;

namespace Headgate.Repository.Tests;

/// <summary>What no file may say.</summary>
public sealed partial class TextTests
{
    [Fact]
    public void Files_Anywhere_NameNoPathOfOneMachine() =>
        Findings.None("Paths of one machine:", Lines(MachinePath()));

    [Fact]
    public void Code_Anywhere_NeverAsksWhichBuildItIsIn() =>
        Findings.None("Conditional compilation:", Lines(Conditional()).Where(line => line.Contains(".cs:", StringComparison.Ordinal)));

    [Fact]
    public void Code_Anywhere_LeavesNoNoteToLater() =>
        Findings.None("Notes to later:", Lines(Note()).Where(line => line.Contains(".cs:", StringComparison.Ordinal)));

    [Fact]
    public void Suppressions_InCode_CarryAReason() =>
        Findings.None("Suppressions without a reason beside them:",
            from file in Tree.Code
            from line in file.Lines.Select((text, index) => (Text: text, Number: index + 1))
            where (line.Text.Contains("#pragma warning disable", StringComparison.Ordinal) && !line.Text.Contains("//", StringComparison.Ordinal))
                || (line.Text.Contains("[SuppressMessage(", StringComparison.Ordinal) && !file.Text.Contains("Justification", StringComparison.Ordinal))
            where file.Name != "TextTests.cs"
            select $"{file.Path}:{line.Number}");

    [Fact]
    public void Files_OfText_EndWithANewline() =>
        Findings.None("Files that don't end with a newline, or have carriage returns:",
            Tree.Files.Where(file => file.Text.Length > 0 && !file.Path.EndsWith(".sln", StringComparison.Ordinal))
                .Where(file => !file.Text.EndsWith('\n') || file.Text.Contains('\r', StringComparison.Ordinal))
                .Select(file => file.Path));

    [Fact]
    public void DisabledRules_InEditorConfig_HaveTheirReasonAbove()
    {
        var lines = File.ReadAllLines(Path.Combine(Tree.Root, ".editorconfig"));
        Findings.None("Disabled without a reason in a line above:",
            Enumerable.Range(1, lines.Length - 1)
                .Where(i => lines[i].StartsWith("dotnet_diagnostic.", StringComparison.Ordinal) && lines[i].EndsWith("none", StringComparison.Ordinal))
                .Where(i => !HasReason(lines, i))
                .Select(i => lines[i]));
    }

    // A reason covers the rules that follow it without a gap; a section's heading covers none.
    private static bool HasReason(string[] lines, int at)
    {
        while (at >= 0 && lines[at].StartsWith("dotnet_diagnostic.", StringComparison.Ordinal))
            at--;
        return at >= 0 && lines[at].StartsWith('#');
    }

    private static IEnumerable<string> Lines(Regex pattern) =>
        from file in Tree.Files
        where file.Name != "TextTests.cs"
        from line in file.Lines.Select((text, index) => (Text: text, Number: index + 1))
        where pattern.IsMatch(line.Text)
        select $"{file.Path}:{line.Number}: {line.Text.Trim()}";

    [GeneratedRegex(@"(?<![\w.~-])/(work|root)/\w|[A-Z]:\\Users\\", RegexOptions.ExplicitCapture)]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"^\s*#(if|elif|else)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Conditional();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Note();
}
