using System.Text.RegularExpressions;

namespace Headgate.Repository.Tests;

/// <summary>
/// The levels of one project's rooms as ARCHITECTURE.md writes them: <c>`A`, `B` &lt; `C`</c>, in one line or more. A room imports what stands to the left
/// of it in one of its lines. Rooms joined by + are one.
/// </summary>
internal sealed partial class RoomLevels
{
    private readonly List<string[][]> _lines;

    /// <param name="lines">As written, without the table's bars.</param>
    public RoomLevels(IEnumerable<string> lines) => _lines =
        [.. lines.Select(line => line.Split('<').Select(level => JoinedRooms().Matches(level).Select(match => match.Value.Replace("`", "", StringComparison.Ordinal)).ToArray()).ToArray())];

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
        var rooms = named.SelectMany(name => name.Split('+')).ToList();
        var drawn = graph.With(room => named.Find(name => name.Split('+').Contains(room)) ?? room);
        return graph.Rooms.Except(rooms).Select(room => $"{room} has no level")
            .Concat(rooms.Except(graph.Rooms).Select(room => $"{room} has a level, but is no room"))
            .Concat(named.Where(name => name.Contains('+', StringComparison.Ordinal) && !AreOne(name, graph)).Select(name => $"{name} need not be joined"))
            .Concat(drawn.Cycles().Select(cycle => $"cycle of {cycle}"))
            .Concat(drawn.Imports.Where(import => named.Contains(import.From) && named.Contains(import.To) && !Allow(import))
                .Select(import => $"{import.File}: {import.From} imports {import.To}"));
    }

    private bool Allow(RoomImport import) =>
        _lines.Exists(line => Array.FindIndex(line, level => level.Contains(import.To)) is >= 0 and var to && Array.FindIndex(line, level => level.Contains(import.From)) > to);

    private static bool AreOne(string joined, RoomGraph graph) =>
        graph.Cycles().Any(cycle => joined.Split('+').All(cycle.Split(':')[0].Split(", ").Contains));

    [GeneratedRegex(@"`\w+`(?:\+`\w+`)*")]
    private static partial Regex JoinedRooms();

    [GeneratedRegex(@"^\| \[[^\]]+\]\((?<project>[\w/]+)\) \| (?<line>[^|]+) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
