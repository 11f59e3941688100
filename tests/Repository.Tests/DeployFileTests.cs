using System.Text.RegularExpressions;

namespace Headgate.Repository.Tests;

/// <summary>The files that a service is put somewhere with say what the code does.</summary>
public sealed partial class DeployFileTests
{
    private const string Cluster = "deploy/kubernetes.yaml";
    private const string Workflow = ".github/workflows/headgate.yml";

    private static readonly string s_unit = File.ReadAllText(Path.Combine(Tree.Root, "src/LocalHost/headgate.service"));

    [Fact]
    public void Variables_OfClusterAndUnit_AreSettingsOfTheHost()
    {
        var known = Variable().Matches(Tree.Named("src/LocalHost/Options/EnvironmentSettings.cs").Text).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        var used = Variable().Matches(Tree.Named(Cluster).Text + s_unit).Select(match => match.Value).ToList();

        Assert.NotEmpty(used);
        Findings.None("Variables that the host does not read:", used.Where(name => !known.Contains(name)));
    }

    [Fact]
    public void Ports_OfClusterAndUnit_AreTheDefault()
    {
        var port = DefaultPort().Match(Tree.Named("src/LocalHost/Options/LocalHostOptions.cs").Text).Groups["port"].Value;

        Assert.Contains($"HEADGATE_PORT, value: \"{port}\"", Tree.Named(Cluster).Text, StringComparison.Ordinal);
        Assert.Contains($"containerPort: {port}", Tree.Named(Cluster).Text, StringComparison.Ordinal);
        Assert.Contains($"HEADGATE_PORT={port}", s_unit, StringComparison.Ordinal);
    }

    [Fact]
    public void Probes_OfCluster_AreRoutes()
    {
        var routes = Tree.Product.Where(file => file.Project == "src/Functions").SelectMany(file => Route().Matches(file.Text)).Select(match => match.Groups["route"].Value).ToHashSet(StringComparer.Ordinal);
        var asked = Probe().Matches(Tree.Named(Cluster).Text).Select(match => match.Groups["route"].Value).ToList();

        Assert.Equal(3, asked.Count);
        Findings.None("Probes that nothing answers:", asked.Where(route => !routes.Contains(route)));
    }

    /// <summary>A service is exact because it is alone on its data folder.</summary>
    [Fact]
    public void Cluster_OneProcess_OnOneVolume()
    {
        Assert.Contains("replicas: 1\n", Tree.Named(Cluster).Text, StringComparison.Ordinal);
        Assert.Contains("ReadWriteOncePod", Tree.Named(Cluster).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Workflow_FilesThatItNames_AreThere()
    {
        var text = Tree.Named(Workflow).Text;
        var named = NamedFile().Matches(text).Select(match => match.Value).Distinct().ToList();

        Assert.Contains(".ci/run", named);
        Findings.None("Files that the workflow names:", named.Where(path => !Tree.Exists(path)));
        Findings.None("Projects that are packed and are no packages:", Packed().Match(text).Groups["projects"].Value.Split(' ').Where(project =>
            !Tree.Named($"{project}/{Path.GetFileName(project)}.csproj").Text.Contains("<IsPackable>true</IsPackable>", StringComparison.Ordinal)));
    }

    [GeneratedRegex("HEADGATE_[A-Z_]+[A-Z]")]
    private static partial Regex Variable();

    [GeneratedRegex(@"DefaultPort = (?<port>\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex DefaultPort();

    [GeneratedRegex(@"Route = ""(?<route>[^""]*)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Route();

    [GeneratedRegex(@"httpGet: \{ path: /(?<route>\w+),", RegexOptions.ExplicitCapture)]
    private static partial Regex Probe();

    [GeneratedRegex(@"(?<![\w/])(?:\.ci|src|global)[/.][\w./]+", RegexOptions.ExplicitCapture)]
    private static partial Regex NamedFile();

    [GeneratedRegex("for project in (?<projects>[^;]+);", RegexOptions.ExplicitCapture)]
    private static partial Regex Packed();
}
