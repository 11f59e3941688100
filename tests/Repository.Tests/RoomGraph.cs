using System.Text.RegularExpressions;

namespace Headgate.Repository.Tests;

/// <param name="From">The room that imports.</param>
/// <param name="To">The room that is imported.</param>
/// <param name="File">Where it says so.</param>
internal sealed record RoomImport(string From, string To, string File);

/// <summary>
/// Which rooms (first folders) of one project import which, as its sources say: by a <c>using</c>, or by a qualified name in the code. Files at the
/// project's root put rooms together and belong to none. Comments and plain strings import nothing.
/// </summary>
internal sealed partial class RoomGraph
{
    private RoomGraph(IReadOnlyList<string> rooms, IReadOnlyList<RoomImport> imports) => (Rooms, Imports) = (rooms, imports);

    public IReadOnlyList<string> Rooms { get; }

    public IReadOnlyList<RoomImport> Imports { get; }

    /// <param name="folder">The project's: <c>src/Core</c>.</param>
    /// <param name="rootNamespace">What the namespaces of its rooms begin with: <c>Headgate.Core</c>.</param>
    /// <param name="files">Those of other projects are left out.</param>
    public static RoomGraph Of(string folder, string rootNamespace, IEnumerable<SourceFile> files)
    {
        var inRooms = files
            .Where(file => file.Path.StartsWith(folder + '/', StringComparison.Ordinal) && file.Path[(folder.Length + 1)..].Contains('/', StringComparison.Ordinal))
            .Select(file => (Room: file.Path[(folder.Length + 1)..].Split('/')[0], file.Path, Code: CodeOf(file.Text)))
            .ToList();
        var types = inRooms.ToLookup(file => file.Room, file => TypeName().Matches(file.Code).Select(match => match.Groups["name"].Value))
            .ToDictionary(room => room.Key, room => room.SelectMany(names => names).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        var imports =
            from file in inRooms
            from room in Named(file.Code, rootNamespace, types).Distinct()
            where room != file.Room
            select new RoomImport(file.Room, room, file.Path);
        return new RoomGraph([.. types.Keys.Order(StringComparer.Ordinal)], [.. imports]);
    }

    /// <summary>Each set of rooms that reach one another, as a line that names the files on the way.</summary>
    public IEnumerable<string> Cycles()
    {
        var reached = Rooms.ToDictionary(room => room, ReachedFrom, StringComparer.Ordinal);
        foreach (var set in Rooms.Where(room => reached[room].Contains(room)).GroupBy(room => string.Join(", ", reached[room].Where(other => reached[other].Contains(room)).Order(StringComparer.Ordinal))))
        {
            var ways = Imports.Where(import => set.Contains(import.From) && set.Contains(import.To))
                .GroupBy(import => $"{import.From} > {import.To}")
                .Select(way => $"{way.Key} in {string.Join(", ", way.Select(import => import.File))}");
            yield return $"{set.Key}: {string.Join("; ", ways)}";
        }
    }

    private HashSet<string> ReachedFrom(string start)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([start]);
        while (open.TryPop(out var room))
        {
            foreach (var import in Imports.Where(import => import.From == room && reached.Add(import.To)))
                open.Push(import.To);
        }

        return reached;
    }

    // A room may be named in full, from the root namespace's parents on, or by itself: inside the root namespace that is enough.
    private static IEnumerable<string> Named(string code, string rootNamespace, Dictionary<string, HashSet<string>> types)
    {
        var full = rootNamespace + '.';
        foreach (Match match in DottedName().Matches(code))
        {
            var name = match.Value;
            if (name.StartsWith(full, StringComparison.Ordinal))
            {
                if (name[full.Length..].Split('.')[0] is var room && types.ContainsKey(room))
                    yield return room;
                continue;
            }

            var parts = name.Split('.');
            var first = parts[0] == rootNamespace.Split('.')[^1] ? 1 : 0;
            if (first + 1 < parts.Length && types.TryGetValue(parts[first], out var declared) && parts.Skip(first + 1).Any(declared.Contains))
                yield return parts[first];
        }
    }

    private static string CodeOf(string text) =>
        NamespaceLine().Replace(NoCode().Replace(text, match => match.Value[0] == '$' ? match.Value : " "), "");

    [GeneratedRegex("""
        //[^\n]*|/\*[\s\S]*?\*/|\$?"{3,}[\s\S]*?"{3,}|\$?@"(?:[^"]|"")*"|\$?"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'
        """, RegexOptions.ExplicitCapture)]
    private static partial Regex NoCode();

    [GeneratedRegex(@"^namespace [^\n]*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*(?:\.\w+)+", RegexOptions.ExplicitCapture)]
    private static partial Regex DottedName();

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record|delegate\s+\S+)\s+(?<name>[A-Z]\w*)", RegexOptions.ExplicitCapture)]
    private static partial Regex TypeName();
}
