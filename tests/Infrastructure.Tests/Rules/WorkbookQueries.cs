using System.Text.Json;
using Headgate.Infrastructure.Tests.Kusto;

namespace Headgate.Infrastructure.Tests.Rules;

/// <summary>Queries of the workbook, named by the titles of their charts.</summary>
internal static class WorkbookQueries
{
    public static IReadOnlyList<NamedQuery> In(string workbook) =>
        [.. JsonElement.Parse(workbook).GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("content"))
            .Where(content => content.TryGetProperty("query", out _))
            .Select(content => new NamedQuery($"workbook, {content.GetProperty("title").GetString()}", content.GetProperty("query").GetString()!))];
}
