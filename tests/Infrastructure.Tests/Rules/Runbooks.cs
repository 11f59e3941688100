namespace Headgate.Infrastructure.Tests.Rules;

/// <summary>The pages of <c>docs/runbooks</c>, held to the rules.</summary>
internal static class Runbooks
{
    private static readonly string[] Parts =
        ["## What it means", "## Likely causes", "## How to look", "## How to fix", "## When to escalate", "## How to know it is over"];

    /// <summary>The list, and what somebody looks up without an alert.</summary>
    private static readonly string[] OfNoRule = ["README.md", "dead-letters.md"];

    public static IReadOnlyDictionary<string, string> OfRepository { get; } = Directory.EnumerateFiles(Repository.Full("docs/runbooks"), "*.md")
        .ToDictionary(path => Path.GetFileName(path), File.ReadAllText, StringComparer.Ordinal);

    public static IEnumerable<string> Differences(IReadOnlyList<AlertRule> rules, IReadOnlyDictionary<string, string> pages) =>
        rules.SelectMany(rule => Differences(rule, pages))
            .Concat(pages.Keys.Except(rules.Select(rule => rule.Runbook)).Where(page => !OfNoRule.Contains(page)).Select(page => $"{page} belongs to no rule"));

    private static IEnumerable<string> Differences(AlertRule rule, IReadOnlyDictionary<string, string> pages)
    {
        if (rule.Runbook != $"{rule.Id}.md")
            yield return $"{rule.Id}: its page is named {rule.Runbook}";
        if (!pages.TryGetValue(rule.Runbook, out var page))
        {
            yield return $"{rule.Id}: there is no {rule.Runbook}";
            yield break;
        }

        if (!page.StartsWith($"# {rule.Title}\n\n{rule.Description}\n", StringComparison.Ordinal))
            yield return $"{rule.Runbook} does not begin with title and description of its rule";
        foreach (var part in Parts.Where(part => !page.Contains($"\n{part}\n", StringComparison.Ordinal)))
            yield return $"{rule.Runbook} lacks '{part}'";
        var cells = page.Split('\n').FirstOrDefault(line => line.StartsWith($"| `{rule.Id}` |", StringComparison.Ordinal))?.Split('|', StringSplitOptions.TrimEntries) ?? [];
        string[] said = cells.Length == 8 ? [cells[2], cells[4], cells[5], cells[6]] : [];
        string[] wanted = [rule.Severity, $"> {rule.Threshold}", $"{rule.WindowMinutes} min", $"{rule.ForMinutes} min"];
        if (!said.SequenceEqual(wanted))
            yield return $"{rule.Runbook} says {string.Join(", ", said)}; the rule {string.Join(", ", wanted)}";
        var index = pages.GetValueOrDefault("README.md", "");
        if (!index.Contains($"| [{rule.Title}]({rule.Runbook}) | `{rule.Id}` | {rule.Severity} |", StringComparison.Ordinal))
            yield return $"README.md does not list {rule.Runbook}";
    }
}
