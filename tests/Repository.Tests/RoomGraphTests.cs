namespace Headgate.Repository.Tests;

/// <summary>The graph of rooms and its levels, on projects of a few lines.</summary>
public sealed class RoomGraphTests
{
    private const string Folder = "src/Mill";
    private const string Namespace = "Headgate.Mill";

    [Fact]
    public void Cycles_TwoRoomsImportEachOther_NamesTheFilesOnIt()
    {
        var graph = Graph(("Wheel/Axle.cs", "using Headgate.Mill.Stone;"), ("Stone/Runner.cs", "using Headgate.Mill.Wheel.Parts;"), ("Sack/Grain.cs", "using Headgate.Mill.Stone;"));

        Assert.Equal("Stone, Wheel: Wheel > Stone in src/Mill/Wheel/Axle.cs; Stone > Wheel in src/Mill/Stone/Runner.cs", Assert.Single(graph.Cycles()));
    }

    [Fact]
    public void Cycles_AWayOverThirdRooms_IsFound()
    {
        var graph = Graph(("A/One.cs", "using Headgate.Mill.B;"), ("B/Two.cs", "using Headgate.Mill.C;"), ("C/Three.cs", "using Headgate.Mill.A;"));

        Assert.StartsWith("A, B, C:", Assert.Single(graph.Cycles()), StringComparison.Ordinal);
    }

    [Fact]
    public void Cycles_ImportsThatOnlyLeadDown_AreNone() =>
        Assert.Empty(Graph(("A/One.cs", "using Headgate.Mill.B;\nusing Headgate.Mill.C;"), ("B/Two.cs", "using Headgate.Mill.C;"), ("C/Three.cs", "")).Cycles());

    [Theory]
    [InlineData("using Headgate.Mill.Stone;")]
    [InlineData("using static Headgate.Mill.Stone.Runner;")]
    [InlineData("using Upper = Headgate.Mill.Stone.Runner;")]
    [InlineData("var x = new Headgate.Mill.Stone.Runner();")]
    [InlineData("var x = new global::Headgate.Mill.Stone.Runner();")]
    [InlineData("Mill.Stone.Runner x;")]
    [InlineData("Stone.Runner x;")]
    [InlineData("""var x = $"{Stone.Runner.Name}";""")]
    public void Of_ALineThatNamesARoom_Imports(string line) => Assert.Equal("Stone", Assert.Single(ImportsOf(line)).To);

    [Theory]
    [InlineData("// using Headgate.Mill.Stone;")]
    [InlineData("/// <see cref=\"Headgate.Mill.Stone.Runner\"/>")]
    [InlineData("/* Headgate.Mill.Stone */")]
    [InlineData("""var x = "Headgate.Mill.Stone";""")]
    [InlineData("namespace Headgate.Mill.Stone;")]
    [InlineData("using Headgate.Other.Stone;")]
    [InlineData("using Headgate.Mill;")]
    [InlineData("var x = Stone.Count;")]
    [InlineData("var x = this.Stone.Runner;")]
    public void Of_ALineThatNamesNoRoom_ImportsNothing(string line) => Assert.Empty(ImportsOf(line));

    [Fact]
    public void Of_FilesAtTheRoot_BelongToNoRoom() =>
        Assert.Empty(Graph(("Composition.cs", "using Headgate.Mill.Stone;"), ("Stone/Runner.cs", "")).Imports);

    [Fact]
    public void Breaches_ImportsUpwardAndToTheSide_NameTheFile()
    {
        var graph = Graph(("Stone/Runner.cs", "using Headgate.Mill.Wheel;"), ("Wheel/Axle.cs", "using Headgate.Mill.Sack;"), ("Sack/Grain.cs", ""));

        Assert.Equal(
            ["src/Mill/Stone/Runner.cs: Stone imports Wheel", "src/Mill/Wheel/Axle.cs: Wheel imports Sack"],
            new RoomLevels(["`Stone` < `Wheel`, `Sack`"]).Breaches(graph));
    }

    [Fact]
    public void Breaches_RoomsOfTwoLines_SeeOnlyTheirOwn()
    {
        var graph = Graph(("Stone/Runner.cs", "using Headgate.Mill.Sack;\nusing Headgate.Mill.Wheel;"), ("Wheel/Axle.cs", ""), ("Sack/Grain.cs", ""));

        Assert.Equal("src/Mill/Stone/Runner.cs: Stone imports Wheel", Assert.Single(new RoomLevels(["`Sack` < `Stone`", "`Sack` < `Wheel`"]).Breaches(graph)));
    }

    [Fact]
    public void Breaches_RoomsAndLevelsDiffer_NamesBoth() =>
        Assert.Equal(["Stone has no level", "Wheel has a level, but is no room"], new RoomLevels(["`Wheel`"]).Breaches(Graph(("Stone/Runner.cs", ""))));

    [Fact]
    public void Read_TableOfRooms_TakesItsLines()
    {
        var levels = RoomLevels.Read("# Mill\n\n## Projects\n\n| [src/Mill](src/Mill) | grinds |\n\n## Rooms\n\n| project | rooms |\n|---|---|\n| [src/Mill](src/Mill) | `Sack` < `Stone` |\n\n## More\n");

        Assert.Equal(["src/Mill"], levels.Keys);
        Assert.Empty(levels["src/Mill"].Breaches(Graph(("Stone/Runner.cs", "using Headgate.Mill.Sack;"), ("Sack/Grain.cs", ""))));
    }

    private static IReadOnlyList<RoomImport> ImportsOf(string line) => Graph(("Wheel/Axle.cs", line), ("Stone/Runner.cs", "internal sealed class Runner;")).Imports;

    private static RoomGraph Graph(params (string Path, string Text)[] files) =>
        RoomGraph.Of(Folder, Namespace, files.Select(file => new SourceFile($"{Folder}/{file.Path}", file.Text)));
}
