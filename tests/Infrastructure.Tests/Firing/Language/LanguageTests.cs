using System.Globalization;
using System.Text.Json;
using Headgate.Infrastructure.Tests.Kusto;

namespace Headgate.Infrastructure.Tests.Firing.Language;

/// <summary>The evaluator answers as the examples and tables of Kusto's documentation do, and refuses what it does not know.</summary>
public sealed class LanguageTests
{
    private static readonly DateTime s_now = new(2018, 2, 24, 15, 14, 0, DateTimeKind.Utc);

    /// <summary>Queries over <see cref="s_tables"/> and their answers.</summary>
    private static readonly Dictionary<string, string> s_answers = new(StringComparer.Ordinal)
    {
        ["requests | summarize p = percentilew(duration, itemCount, 50)"] = "p: 20",
        ["requests | summarize p = percentilew(duration, itemCount, 75)"] = "p: 20",
        ["requests | summarize p = percentilew(duration, itemCount, 99.9)"] = "p: 40",
        ["requests | summarize percentilew(duration, itemCount, 75) / 1000.0"] = "Column1: 0.02",
        ["exceptions | project x = bin(4.5, 1), y = bin(7, 5), z = bin(16d, 7d)"] = "x: 4, y: 5, z: 14.00:00:00",
        ["exceptions | project x = bin(timestamp, 1d)"] = "x: 1970-05-11T00:00:00Z",
        ["exceptions | project x = bin_at(6.5, 2.5, 7), y = bin_at(1h, 1d, 12h)"] = "x: 4.5, y: -12:00:00",
        ["customMetrics | summarize s = sum(valueCount) by at = bin_at(timestamp, 1d, ago(0d))"] =
            "at: 2018-02-24T15:14:00Z, s: 7; at: 2018-02-23T15:14:00Z, s: 8; at: 2018-02-26T15:14:00Z, s: 5",
        ["customMetrics | where timestamp >= ago(1d) and timestamp < ago(0d) | summarize count()"] = "count_: 2",
        ["customMetrics | where timestamp <= ago(0d) | summarize n = count()"] = "n: 3",
        ["exceptions | project x = toint(\"123\") == 123, y = toint(\"\"), z = toint(\"none\")"] = "x: true, y: null, z: null",
        ["traces | project x = severityLevel > 3"] = "x: true; x: null",
        ["traces | where severityLevel > 3 | project severityLevel"] = "severityLevel: 5",
        ["traces | project x = severityLevel > 3 and 1 == 2, y = severityLevel > 3 and 1 == 1"] = "x: false, y: true; x: false, y: null",
        ["traces | project x = 2.5 * severityLevel"] = "x: 12.5; x: null",
        ["traces | summarize n = count(), s = sum(severityLevel), least = min(severityLevel), t = sumif(severityLevel, severityLevel > 3)"] = "n: 2, s: 5, least: 5, t: 5",
        ["requests | where duration > 50.0 | summarize n = count(), s = sum(duration), t = sumif(itemCount, 1 == 1), m = max(duration), l = min(duration), p = percentilew(duration, itemCount, 5)"] =
            "n: 0, s: 0, t: 0, m: null, l: null, p: null",
        ["requests | where duration > 50.0 | summarize n = count() by url"] = "",
        ["requests | summarize s = sum(itemCount), d = max(duration) by resultCode"] = "resultCode: 200, s: 14, d: 20; resultCode: 500, s: 4, d: 40",
        ["requests | summarize s = sumif(itemCount, toint(resultCode) >= 500), w = sum(itemCount) | project share = 100.0 * s / w"] = "share: 22.22222222222222",
        ["requests | where isnotempty(url) | project url"] = "url: https://one/; url: HTTPS://ONE/",
        ["requests | where url == \"https://one/\" | project duration"] = "duration: 10",
        ["requests | where url in (\"https://one/\", \"two\") | project duration"] = "duration: 10",
        ["requests | where url !in (\"https://one/\", \"two\") and duration < 40.0 | project url"] = "url: ; url: HTTPS://ONE/",
        ["requests | extend queue = tostring(customDimensions[\"queue\"]), tries = tostring(customDimensions[\"tries\"]) | summarize n = count() by queue, tries"] =
            "queue: runs, tries: , n: 1; queue: , tries: 3, n: 1; queue: , tries: , n: 2",
        ["requests | project d = duration, url | where d > 30.0"] = "d: 40, url: ",
        ["requests | project at = timestamp, url | where at >= ago(1d) and at < ago(0d) | where url contains \"one\" | summarize lowest = count()"] = "lowest: 0",
        ["requests | where url contains \"://One\" | project url"] = "url: https://one/; url: HTTPS://ONE/",
        ["requests | where url contains \"ne/s\" | project url"] = "",
        ["requests | where url contains \"\" | summarize count()"] = "count_: 4",
    };

    private static readonly string[] s_unknown =
    [
        "requests | take 1",
        "requests | count",
        "let least = 1.0; requests | where duration > least",
        "requests | summarize dcount(url)",
        "requests | summarize hint.shufflekey = url count() by url",
        "requests | where url has \"one\"",
        "requests | where url =~ \"one\"",
        "requests | where url contains_cs \"one\"",
        "requests | where url !contains \"one\"",
        "requests | where customDimensions contains \"one\"",
        "requests | project d = duration, url | where duration > 30.0",
        "requests | where duration > 1.0 or itemCount > 1",
        "requests | where timestamp between (ago(2d) .. ago(1d))",
        "requests | project x = strlen(url)",
        "requests | project x = toint(4.5)",
        "requests | project x = itemCount / 2",
        "requests | project x = duration + 1",
        "requests | project x = tostring(customDimensions.queue)",
        "requests | project x = customDimensions[0]",
        "requests | extend strcat(url, url)",
        "requests | project x = now()",
        "union requests, traces",
        "pageViews | summarize count()",
    ];

    private static readonly Dictionary<string, IReadOnlyList<Row>> s_tables = new(StringComparer.Ordinal)
    {
        ["requests"] =
        [
            Request(10, 8, "200", "https://one/", """{"queue":"runs"}"""),
            Request(20, 6, "200", "", """{"tries":3}"""),
            Request(30, 3, "500", "HTTPS://ONE/", "{}"),
            Request(40, 1, "500", "", """{"queue":null}"""),
        ],
        ["traces"] = [new() { ["severityLevel"] = 5L }, new() { ["severityLevel"] = null }],
        ["exceptions"] = [new() { ["timestamp"] = new DateTime(1970, 5, 11, 13, 45, 7, DateTimeKind.Utc) }],
        ["customMetrics"] = [Event(24, 15, 14, 3), Event(24, 15, 24, 4), Event(23, 16, 14, 4), Event(23, 17, 29, 4), Event(26, 15, 14, 5)],
    };

    private static readonly Lazy<Task<IReadOnlyDictionary<string, KustoNode>>> s_trees =
        new(() => KustoService.TreesAsync(s_answers.Keys.Concat(s_unknown).Select(query => new NamedQuery(query, query))));

    public static TheoryData<string> Known => [.. s_answers.Keys];

    public static TheoryData<string> Unknown => [.. s_unknown];

    [Theory]
    [MemberData(nameof(Known))]
    public async Task Answer_AsDocumented_IsTheSame(string query) =>
        Assert.Equal(s_answers[query], string.Join("; ", new Query((await s_trees.Value)[query]).Answer(s_tables, s_now).Select(Shown)));

    [Theory]
    [MemberData(nameof(Unknown))]
    public async Task Answer_OfWhatItDoesNotKnow_IsRefused(string query)
    {
        var tree = (await s_trees.Value)[query];

        Assert.Throws<NotSupportedException>(() => new Query(tree).Answer(s_tables, s_now));
    }

    private static Row Request(double duration, long count, string code, string url, string dimensions) => new()
    {
        ["timestamp"] = s_now,
        ["duration"] = duration,
        ["itemCount"] = count,
        ["resultCode"] = code,
        ["url"] = url,
        ["customDimensions"] = JsonElement.Parse(dimensions),
    };

    private static Row Event(int day, int hour, int minute, long count) =>
        new() { ["timestamp"] = new DateTime(2018, 2, day, hour, minute, 0, DateTimeKind.Utc), ["valueCount"] = count };

    private static string Shown(Row row) => string.Join(", ", row.Select(value => $"{value.Key}: {Shown(value.Value)}"));

    private static string Shown(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        DateTime at => at.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };
}
