using System.Xml.Linq;

namespace Headgate.Repository.Tests;

/// <summary>The import table of ARCHITECTURE.md, project by project.</summary>
public sealed class ProjectImportTests
{
    /// <summary>Packages are given by how their names begin.</summary>
    private static readonly Dictionary<string, (string[] Projects, string[] Packages)> Allowed = new(StringComparer.Ordinal)
    {
        ["Core"] = ([], []),
        ["Contracts"] = ([], []),
        ["ServiceBusExtension"] = ([], ["Microsoft.Azure.Functions.Worker.Extensions.Abstractions"]),
        ["Ports"] = ([], []),
        ["Azure"] = (["Ports"], ["Azure."]),
        ["Functions"] = (["Azure", "Core", "Contracts", "Ports", "ServiceBusExtension"], ["Azure.Monitor.", "Cronos", "Microsoft.Azure.", "Microsoft.DurableTask.", "Microsoft.IdentityModel.", "OpenTelemetry"]),
        ["Storage"] = (["Ports"], ["SQLitePCLRaw."]),
        ["Engine"] = (["Storage"], ["Microsoft.DurableTask."]),
        ["LocalHost"] = (["Azure", "Functions", "Contracts", "Core", "Engine", "Ports", "Storage"], ["ModelContextProtocol.", "NCrontab.", "OpenTelemetry.Exporter.Prometheus.", "System.CommandLine"]),
        ["Agent"] = (["Contracts", "Core"], ["OpenTelemetry.Exporter.", "System.CommandLine", "YamlDotNet"]),
        ["Client"] = (["Contracts"], ["Microsoft.CodeAnalysis.PublicApiAnalyzers", "Microsoft.Extensions.Http.Resilience"]),
        ["Cli"] = (["Client"], ["Spectre.Console", "System.CommandLine", "YamlDotNet"]),
        ["Demo"] = (["Contracts"], ["Spectre.Console"]),
    };

    public static TheoryData<string> ProductProjects => [.. Tree.Projects.Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal) || file.Path.StartsWith("demo/", StringComparison.Ordinal)).Select(file => file.Path)];

    public static TheoryData<string> TestProjects => [.. Tree.Projects.Where(file => file.Path.StartsWith("tests/", StringComparison.Ordinal)).Select(file => file.Path)];

    [Theory]
    [MemberData(nameof(ProductProjects))]
    public void References_OfAProductProject_StandInTheTable(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        Assert.True(Allowed.ContainsKey(name), $"{path} is not in the import table of ARCHITECTURE.md and of this test.");
        var (projects, packages) = Allowed[name];
        var file = Tree.Named(path);

        Findings.None($"{name} references what it may not:",
            Linked(file).Where(reference => !projects.Contains(reference))
                .Concat(Packages(file).Where(package => !packages.Any(start => package.StartsWith(start, StringComparison.Ordinal)))));
    }

    [Theory]
    [MemberData(nameof(TestProjects))]
    public void References_OfATestProject_NameNoOtherProjectsTests(string path) =>
        Findings.None($"{path} references the tests of another project:",
            Linked(Tree.Named(path)).Where(reference => reference.EndsWith(".Tests", StringComparison.Ordinal)));

    [Theory]
    [InlineData("Agent")]
    [InlineData("LocalHost")]
    public void References_OfProgramsByTheDemonstration_OrderTheBuildOnly(string program)
    {
        var reference = XDocument.Parse(Tree.Named("demo/Demo.csproj").Text).Descendants("ProjectReference")
            .Single(element => Name(element) == program);

        Assert.Equal("false", (string?)reference.Attribute("ReferenceOutputAssembly"));
    }

    [Fact]
    public void Functions_OutsideOfTheirComposition_NameNoAdapter() =>
        Findings.None("These name Headgate.Azure:",
            Tree.Product
                .Where(file => file.Project == "src/Functions" && file.Path is not ("src/Functions/Program.cs" or "src/Functions/AzureBackend.cs"))
                .Where(file => file.Text.Contains("Headgate.Azure", StringComparison.Ordinal))
                .Select(file => file.Path));

    [Fact]
    public void Solution_EveryProject_IsListed()
    {
        var solution = Tree.Named("Serverless.sln").Text.Replace('\\', '/');

        Findings.None("These projects are not in Serverless.sln, so that neither build nor tests see them:",
            Tree.Projects.Where(file => !file.Path.StartsWith("benchmarks/", StringComparison.Ordinal) && !solution.Contains($"\"{file.Path}\"", StringComparison.Ordinal)).Select(file => file.Path));
    }

    private static IEnumerable<string> Linked(SourceFile project) =>
        XDocument.Parse(project.Text).Descendants("ProjectReference")
            .Where(element => (string?)element.Attribute("ReferenceOutputAssembly") != "false")
            .Select(Name);

    private static IEnumerable<string> Packages(SourceFile project) =>
        XDocument.Parse(project.Text).Descendants("PackageReference").Select(element => (string)element.Attribute("Include")!);

    private static string Name(XElement reference) => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/'));
}
