using System.Text.RegularExpressions;
using Headgate.Infrastructure.Tests.Bicep;
using Headgate.Infrastructure.Tests.Kusto;
using Headgate.Infrastructure.Tests.Rules;

namespace Headgate.Infrastructure.Tests;

/// <summary>Every query that a deployment makes or a page tells is one that Azure Monitor takes.</summary>
public sealed partial class QueryTests
{
    [Fact]
    public async Task Queries_OfEveryEnvironment_AreTakenByTheLanguage()
    {
        var queries = new List<NamedQuery>();
        foreach (var parameterFile in Sources.ParameterFiles)
        {
            var deployment = await Compiled.DeploymentAsync(parameterFile);
            queries.AddRange(deployment.All("Microsoft.Insights/scheduledQueryRules").Select(rule => new NamedQuery(rule.Name, rule["properties.criteria.allOf.0.query"]!)));
            queries.AddRange(deployment.All("Microsoft.Insights/workbooks").SelectMany(workbook => WorkbookQueries.In(workbook["properties.serializedData"]!)));
        }

        Assert.True(queries.Count >= 30 * Sources.ParameterFiles.Count, $"Only {queries.Count} queries were found.");
        Assert.Empty(await KustoService.ProblemsAsync(queries));
    }

    [Theory]
    [InlineData("customMetrics | where timestmp > ago(5m)", "KS142")]
    [InlineData("customMetrics | summarize sample = max(valueMax) | summarize lowest = min(sample)", "KS228")]
    [InlineData("requests | summarize total = sum(itemCounts)", "KS142")]
    [InlineData("AppMetrics | count", "KS204")]
    [InlineData("_LogOperation | where timestamp > ago(5m)", "KS142")]
    public async Task Problems_OfAQueryThatIsNone_AreFound(string query, string code) =>
        Assert.StartsWith($"one: {code} ", Assert.Single(await KustoService.ProblemsAsync([new("one", query)])), StringComparison.Ordinal);

    [Fact]
    public async Task Queries_OfRunbooks_AreTakenByTheLanguage()
    {
        var pages = Runbooks.OfRepository;
        NamedQuery[] queries = [.. pages.SelectMany(page => Analytics().Matches(page.Value).Select(query => new NamedQuery(page.Key, query.Groups["query"].Value)))];

        Assert.Equal(pages.Sum(page => page.Value.Split("--analytics-query").Length - 1), queries.Length);
        Assert.NotEmpty(queries);
        Assert.Empty(await KustoService.ProblemsAsync(queries));
    }

    [GeneratedRegex(@"--analytics-query \\\n\s+'(?<query>[^']+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex Analytics();
}
