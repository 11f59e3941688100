namespace Headgate.Repository.Tests;

/// <summary>Orchestrators replay, and tests don't wait: text that would break either.</summary>
public sealed class DeterminismTests
{
    private static readonly string[] NotInOrchestrators =
    [
        "DateTime.Now", "DateTime.UtcNow", "DateTimeOffset.Now", "DateTimeOffset.UtcNow", "TimeProvider", "Stopwatch", "Guid.NewGuid", "Random", "Environment.",
        "Task.Run", "Task.Delay", "Task.Factory", "Thread.", "ConfigureAwait(false)", "HttpClient", "File.", "ILogger ", "ILogger<", "lock (",
    ];

    private static readonly string[] NotInTests = ["Thread.Sleep(", "Task.Delay("];

    /// <summary>Where other processes are waited for, with a deadline.</summary>
    private static readonly string[] ProcessBoundaries = ["tests/TestKit", "tests/EndToEnd.Tests", "tests/Worker.Tests"];

    [Fact]
    public void Orchestrators_Text_UsesNothingThatReplayWouldChange() =>
        Findings.None("Orchestrators use what differs between a run and its replay:",
            from file in Tree.Product
            where IsOrchestrator(file)
            from word in NotInOrchestrators
            where Breaks(file.Text, word)
            select $"{file.Path}: {word.Trim()}");

    [Fact]
    public void Orchestrators_Files_ImportNothingOfOurs()
    {
        var orchestrators = Tree.Product.Where(IsOrchestrator).ToList();

        Assert.NotEmpty(orchestrators);
        Findings.None("Orchestrators see more than their activities:",
            orchestrators.Where(file => file.Text.Contains("using Headgate.", StringComparison.Ordinal)).Select(file => file.Path));
    }

    [Fact]
    public void Tests_Text_DoesNotSleep() =>
        Findings.None("Tests that sleep; wait for a signal, or move the clock:",
            from file in Tree.Tests
            where !ProcessBoundaries.Contains(file.Project) && file.Project != "tests/Repository.Tests"
            from line in file.Lines.Select((text, index) => (Text: text, Number: index + 1))
            where NotInTests.Any(word => line.Text.Contains(word, StringComparison.Ordinal))
                && !line.Text.Contains("Timeout.Infinite", StringComparison.Ordinal)
                // By a clock that is moved by hand nobody sleeps.
                && !line.Text.Contains(", clock)", StringComparison.Ordinal)
            select $"{file.Path}:{line.Number}: {line.Text.Trim()}");

    [Fact]
    public void Product_Text_NeverBlocksAThreadToWait() =>
        Findings.None("Thread.Sleep in the product:",
            Tree.Product.Where(file => file.Text.Contains("Thread.Sleep(", StringComparison.Ordinal)).Select(file => file.Path));

    [Theory]
    [InlineData("var at = DateTimeOffset.UtcNow;", "DateTimeOffset.UtcNow", true)]
    [InlineData("/// <summary>Never DateTimeOffset.UtcNow.</summary>", "DateTimeOffset.UtcNow", false)]
    [InlineData("var at = context.CurrentUtcDateTime;", "DateTime.UtcNow", false)]
    public void Breaks_Line_AsExpected(string text, string word, bool expected) => Assert.Equal(expected, Breaks(text, word));

    private static bool IsOrchestrator(SourceFile file) =>
        file.Project == "src/Functions" && file.Text.Contains("[OrchestrationTrigger]", StringComparison.Ordinal);

    private static bool Breaks(string text, string word) =>
        text.Split('\n').Any(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && line.Contains(word, StringComparison.Ordinal));
}
