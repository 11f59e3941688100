using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Headgate.TestKit;

namespace Headgate.LocalHost.Tests.Telemetry;

/// <summary>The dashboards in infra/dashboards ask for what the service tells.</summary>
public sealed partial class DashboardTests(MetricsGround ground) : IClassFixture<MetricsGround>
{
    private readonly PrometheusText _text = new(ground.Text);

    [Theory]
    [InlineData("service")]
    [InlineData("tenant")]
    [InlineData("agents")]
    public void Queries_OfADashboard_NameMetricsAndLabelsThatThereAre(string name)
    {
        var queries = Targets(name).Select(target => ((string)target["expr"]!, (string)target["legendFormat"]!)).ToList();

        Assert.NotEmpty(queries);
        Assert.Empty(queries.SelectMany(query => Wrong(query.Item1, query.Item2)));
    }

    [Theory]
    [InlineData("service")]
    [InlineData("tenant")]
    [InlineData("agents")]
    public void Panels_OfADashboard_HaveATitleAPlaceAndAnIdOfTheirOwn(string name)
    {
        var board = Board(name);
        var panels = board["panels"]!.AsArray();

        Assert.Equal((39, $"headgate-{name}"), ((int)board["schemaVersion"]!, (string)board["uid"]!));
        Assert.Equal(panels.Count, panels.Select(panel => (int)panel!["id"]!).Distinct().Count());
        Assert.All(panels, panel =>
        {
            Assert.NotEmpty((string)panel!["title"]!);
            Assert.Contains((string)panel["type"]!, new[] { "stat", "timeseries" });
            Assert.Equal("${datasource}", (string)panel["datasource"]!["uid"]!);
        });
        var cells = panels.Select(panel => panel!["gridPos"]!).SelectMany(place =>
            from x in Enumerable.Range((int)place["x"]!, (int)place["w"]!) from y in Enumerable.Range((int)place["y"]!, (int)place["h"]!) select (x, y)).ToList();
        Assert.Equal(cells.Count, cells.Distinct().Count());
        Assert.All(cells, cell => Assert.InRange(cell.x, 0, 23));
    }

    [Theory]
    [InlineData("sum by (tenant) (headgate_agents)", "", "tenant")]
    [InlineData("rate(headgate_admission_total[5m])", "", "headgate_admission_total")]
    [InlineData("headgate_agents{status=\"online\"}", "", "status")]
    [InlineData("headgate_agents", "{{agent}}", "agent")]
    [InlineData("headgate_agents", "{{state}}", null)]
    public void Wrong_OfAQuery_IsFound(string query, string legend, string? wrong) =>
        Assert.Equal(wrong, Wrong(query, legend).FirstOrDefault()?.Split(' ')[0]);

    /// <summary>A query here asks for metrics that have the same labels, as far as it names any.</summary>
    private IEnumerable<string> Wrong(string query, string legend)
    {
        var bare = Quoted().Replace(query, "\"\"").Replace("$__rate_interval", "5m", StringComparison.Ordinal);
        var selectors = Selector().Matches(Grouping().Replace(bare, "")).Select(match => (Metric: match.Groups["metric"].Value, Labels: match.Groups["labels"].Value)).ToList();
        foreach (var (metric, labels) in selectors)
        {
            if (_text.LabelsOf(metric) is not { } known)
            {
                yield return $"{metric} is no metric: {query}";
                continue;
            }

            var named = Label().Matches(labels).Select(match => match.Groups["label"].Value)
                .Concat(Grouping().Matches(bare).SelectMany(match => match.Groups["labels"].Value.Split(',')).Select(label => label.Trim()).Where(label => label != "le"))
                .Concat(Legend().Matches(legend).Select(match => match.Groups["label"].Value));
            foreach (var label in named.Where(label => !known.Contains(label)))
                yield return $"{label} is no label of {metric}: {query}";
        }
    }

    private static JsonNode Board(string name) => JsonNode.Parse(RepositoryFiles.Read($"infra/dashboards/{name}.json"))!;

    private static IEnumerable<JsonNode> Targets(string name) => Board(name)["panels"]!.AsArray().SelectMany(panel => panel!["targets"]!.AsArray()).Select(target => target!);

    [GeneratedRegex("\"[^\"]*\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\b(?<metric>(?:headgate|http|dotnet)_\w+)(?:\{(?<labels>[^}]*)\})?", RegexOptions.ExplicitCapture)]
    private static partial Regex Selector();

    [GeneratedRegex(@"(?<label>\w+)\s*(?:=~|!=|!~|=)", RegexOptions.ExplicitCapture)]
    private static partial Regex Label();

    [GeneratedRegex(@"\bby\s*\((?<labels>[^)]*)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\{\{\s*(?<label>\w+)\s*\}\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Legend();
}
