using System.Text.Json;
using Headgate.Infrastructure.Tests.Bicep;
using Headgate.Infrastructure.Tests.Kusto;

namespace Headgate.Infrastructure.Tests;

/// <summary>Every query that a deployment makes is one that Azure Monitor takes.</summary>
public sealed class QueryTests
{
    [Fact]
    public async Task Queries_OfEveryEnvironment_AreTakenByTheLanguage()
    {
        var queries = new List<NamedQuery>();
        foreach (var parameterFile in Sources.ParameterFiles)
        {
            var deployment = await Compiled.DeploymentAsync(parameterFile);
            queries.AddRange(deployment.All("Microsoft.Insights/scheduledQueryRules").Select(rule => new NamedQuery(rule.Name, rule["properties.criteria.allOf.0.query"]!)));
            queries.AddRange(deployment.All("Microsoft.Insights/workbooks").SelectMany(workbook => OfWorkbook(workbook["properties.serializedData"]!)));
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

    private static IEnumerable<NamedQuery> OfWorkbook(string text)
    {
        using var workbook = JsonDocument.Parse(text);
        return [.. workbook.RootElement.GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("content"))
            .Where(content => content.TryGetProperty("query", out _))
            .Select(content => new NamedQuery($"workbook, {content.GetProperty("title").GetString()}", content.GetProperty("query").GetString()!))];
    }
}
