using System.Text.RegularExpressions;

namespace Headgate.Repository.Tests;

/// <summary>Which rooms (first folders) of a project may see which; the compiler can't tell, since they share an assembly.</summary>
public sealed partial class RoomImportTests
{
    /// <summary>A room imports those in the lines above its own.</summary>
    private static readonly string[][] CoreLevels =
    [
        ["Identity", "Validation", "Access", "Clocks"],
        ["Failures"],
        ["Retry"],
        ["Plans", "Tenants"],
        ["Runs"],
        ["Admission", "Agents", "Dispatch"],
    ];

    /// <summary>As in Core; the log knows none of its clients, and they don't know each other.</summary>
    private static readonly string[][] StorageLevels =
    [
        ["Sqlite"],
        ["Log"],
        ["Tables", "Queue"],
    ];

    /// <summary>Triggers stand above stores, stores above ports; an orchestrator sees none of them.</summary>
    private static readonly Dictionary<string, string[]> FunctionsForbidden = new(StringComparer.Ordinal)
    {
        ["Stores"] = ["Http", "Messaging", "Timers", "Orchestrations"],
        ["Orchestrations"] = ["Stores", "Admission", "Security", "Http"],
        ["Messaging"] = ["Http", "Timers"],
        ["Timers"] = ["Http", "Messaging"],
        ["Http"] = ["Messaging", "Timers"],
    };

    private static readonly Dictionary<string, string[]> CoreSeenBy = new(StringComparer.Ordinal)
    {
        ["src/LocalHost"] = ["Identity", "Validation"],
        ["src/Agent"] = ["Retry", "Failures", "Validation", "Agents", "Identity"],
    };

    [Theory]
    [InlineData("Core")]
    [InlineData("Storage")]
    public void LevelledRooms_Imports_PointUpTheList(string project)
    {
        Findings.None($"Rooms of {project} import against the order:",
            from file in Tree.Product
            where file.Project == "src/" + project && file.Room.Length > 0
            from room in RoomsNamed(file, project)
            where room != file.Room && Level(project, room) >= Level(project, file.Room)
            select $"{file.Path} imports {room}");
    }

    [Theory]
    [InlineData("Core")]
    [InlineData("Storage")]
    public void LevelledRooms_Folders_AllHaveALevel(string project) =>
        Findings.None($"Give these rooms of {project} a level in this test and in ARCHITECTURE.md:",
            Tree.Product.Where(file => file.Project == "src/" + project && file.Room.Length > 0).Select(file => file.Room).Distinct().Where(room => Level(project, room) < 0));

    [Fact]
    public void Engine_OfStorage_SeesItsLogAndItsFileOnly() =>
        Findings.None("These see more of Storage than its log and its file:",
            from file in Tree.Product
            where file.Project == "src/Engine"
            from room in RoomsNamed(file, "Storage")
            where room is not ("Log" or "Sqlite")
            select $"{file.Path} imports {room}");

    [Fact]
    public void FunctionsRooms_Imports_AvoidTheForbidden() =>
        Findings.None("Rooms of Functions import what they may not:",
            from file in Tree.Product
            where file.Project == "src/Functions"
            from room in RoomsNamed(file, "Functions")
            where FunctionsForbidden.GetValueOrDefault(file.Room, []).Contains(room)
            select $"{file.Path} imports {room}");

    [Fact]
    public void Outsiders_OfCore_SeeTheirRoomsOnly() =>
        Findings.None("These see rooms of Core that are not for them:",
            from file in Tree.Product
            where CoreSeenBy.ContainsKey(file.Project)
            from room in RoomsNamed(file, "Core")
            where !CoreSeenBy[file.Project].Contains(room)
            select $"{file.Path} imports {room}");

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

    [Theory]
    [InlineData("using Headgate.Core.Runs;", "Runs")]
    [InlineData("var x = Headgate.Core.Plans.PlanTable.All;", "Plans")]
    [InlineData("namespace Headgate.Core.Retry;", "")]
    public void RoomsNamed_InALine_Found(string line, string expected) =>
        Assert.Equal(expected, string.Join(',', RoomsNamed(new SourceFile("src/Core/X/Y.cs", line), "Core")));

    private static int Level(string project, string room) => Array.FindIndex(project == "Core" ? CoreLevels : StorageLevels, level => level.Contains(room));

    private static IEnumerable<string> RoomsNamed(SourceFile file, string project) =>
        file.Lines
            .Where(line => !line.StartsWith("namespace ", StringComparison.Ordinal))
            .SelectMany(line => RoomName().Matches(line))
            .Where(match => match.Groups["project"].Value == project)
            .Select(match => match.Groups["room"].Value)
            .Distinct();

    [GeneratedRegex(@"\bHeadgate\.(?<project>\w+)\.(?<room>\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex RoomName();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex NamespaceLine();
}
