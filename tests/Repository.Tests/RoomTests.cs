using System.Text.RegularExpressions;

namespace Headgate.Repository.Tests;

/// <summary>Which rooms of a project may see which: the table of rooms in ARCHITECTURE.md. The compiler can't tell, since they share an assembly.</summary>
public sealed partial class RoomTests
{
    private static readonly Dictionary<string, string[]> CoreSeenBy = new(StringComparer.Ordinal)
    {
        ["src/LocalHost"] = ["Identity", "Validation"],
        ["src/Agent"] = ["Retry", "Failures", "Validation", "Agents", "Identity"],
    };

    public static TheoryData<string> Projects =>
        [.. Tree.Projects.Select(file => file.Path).Where(path => path.StartsWith("src/", StringComparison.Ordinal) || path.StartsWith("demo/", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Rooms_OfAProject_ImportLowerOnesOnly(string project)
    {
        var folder = Path.GetDirectoryName(project)!.Replace('\\', '/');
        var levels = RoomLevels.Read(Tree.Named("ARCHITECTURE.md").Text).GetValueOrDefault(folder) ?? new RoomLevels([]);

        Findings.None(
            $"Rooms of {folder}, against the table of rooms in ARCHITECTURE.md:",
            levels.Breaches(RoomGraph.Of(folder, "Headgate." + Path.GetFileNameWithoutExtension(project), Tree.Code)));
    }

    [Fact]
    public void Rooms_OfTheWholeProduct_AreSeenToImport() =>
        Assert.True(RoomGraph.Of("src/Functions", "Headgate.Functions", Tree.Code).Imports.Count > 100, "The sources are not read as they are written.");

    [Fact]
    public void Projects_Usings_NameNoRoomForAllFiles() =>
        Findings.None("A room that every file sees has no level:",
            Tree.Files.Where(file => !file.Path.StartsWith("tests/", StringComparison.Ordinal) && GlobalUsing().IsMatch(file.Text)).Select(file => file.Path));

    [Fact]
    public void Outsiders_OfCore_SeeTheirRoomsOnly() =>
        Findings.None("These see rooms of Core that are not for them:",
            from file in Tree.Product
            where CoreSeenBy.ContainsKey(file.Project)
            from Match named in CoreRoom().Matches(file.Text)
            where !CoreSeenBy[file.Project].Contains(named.Groups["room"].Value)
            select $"{file.Path} imports {named.Groups["room"].Value}");

    [Fact]
    public void Product_Code_NeverNamesTestHelpers() =>
        Findings.None("Product code names test helpers:",
            Tree.Product.Where(file => file.Text.Contains("Headgate.TestKit", StringComparison.Ordinal)).Select(file => file.Path));

    [Fact]
    public void Namespaces_OfEveryFile_FollowTheFolders() =>
        Findings.None("Namespace and folder differ:",
            from file in Tree.Product
            where file.Project != "src/ServiceBusExtension"
            let declared = NamespaceLine().Match(file.Text)
            where declared.Success && declared.Groups["name"].Value != "Headgate." + file.Folder["src/".Length..].Replace('/', '.')
            select $"{file.Path} declares {declared.Groups["name"].Value}");

    [GeneratedRegex(@"\bHeadgate\.Core\.(?<room>\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex CoreRoom();

    [GeneratedRegex(@"^\s*(?:global using (?:static )?|<Using Include="")Headgate\.", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex GlobalUsing();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex NamespaceLine();
}
