using System.Text.RegularExpressions;

namespace Headgate.Repository.Tests;

/// <summary>
/// The levels of one project's rooms as ARCHITECTURE.md writes them: <c>`A`, `B` &lt; `C`</c>, in one line or more. A room imports what stands to the left
/// of it in one of its lines.
/// </summary>
internal sealed partial class RoomLevels
{
    private readonly List<string[][]> _lines;

    /// <param name="lines">As written, without the table's bars.</param>
    public RoomLevels(IEnumerable<string> lines) => _lines =
        [.. lines.Select(line => line.Split('<').Select(level => Room().Matches(level).Select(match => match.Value.Replace("`", "", StringComparison.Ordinal)).ToArray()).ToArray())];

    /// <summary>The lines of each project, from the table of rooms.</summary>
    public static Dictionary<string, RoomLevels> Read(string document)
    {
        var section = document.Split("\n## ").Single(part => part.StartsWith("Rooms\n", StringComparison.Ordinal));
        return Row().Matches(section).GroupBy(row => row.Groups["project"].Value, row => row.Groups["line"].Value, StringComparer.Ordinal)
            .ToDictionary(project => project.Key, project => new RoomLevels(project), StringComparer.Ordinal);
    }

    /// <summary>Everything that the graph has and these levels do not allow, a line each.</summary>
    public IEnumerable<string> Breaches(RoomGraph graph)
    {
        var named = _lines.SelectMany(line => line).SelectMany(level => level).Distinct(StringComparer.Ordinal).ToList();
        return graph.Rooms.Except(named).Select(room => $"{room} has no level")
            .Concat(named.Except(graph.Rooms).Select(room => $"{room} has a level, but is no room"))
            .Concat(graph.Cycles().Select(cycle => $"cycle of {cycle}"))
            .Concat(graph.Imports.Where(import => named.Contains(import.From) && named.Contains(import.To) && !Allow(import))
                .Select(import => $"{import.File}: {import.From} imports {import.To}"));
    }

    private bool Allow(RoomImport import) =>
        _lines.Exists(line => Array.FindIndex(line, level => level.Contains(import.To)) is >= 0 and var to && Array.FindIndex(line, level => level.Contains(import.From)) > to);

    [GeneratedRegex(@"`\w+`")]
    private static partial Regex Room();

    [GeneratedRegex(@"^\| \[[^\]]+\]\((?<project>[\w/]+)\) \| (?<line>[^|]+) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
