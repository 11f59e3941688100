using System.Globalization;
using System.Text.RegularExpressions;
using Headgate.Infrastructure.Tests.Bicep;
using Headgate.Infrastructure.Tests.Firing.Telemetry;
using Headgate.Infrastructure.Tests.Rules;

namespace Headgate.Infrastructure.Tests.Firing;

/// <summary>Titles, descriptions and pages say what the alerts do.</summary>
[Collection(TelemetryTests.OneMeter)]
public sealed partial class WordsTests
{
    private static readonly IReadOnlyList<AlertRule> s_rules = AlertRuleFile.Read(AlertRuleFile.OfRepository);
    private static readonly string[] s_numbers = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

    public static TheoryData<string> Ids => [.. s_rules.Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Words_WithANumber_AreThoseOfTheQuery(string id)
    {
        var (words, query) = await OfAsync(id);

        Assert.All(Number().Matches(words), number => Assert.Contains(Expected(number), query, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Words_WithAUnit_AreThoseOfTheSignal(string id)
    {
        using var process = new AppProcess("one", TimeProvider.System);
        var (words, query) = await OfAsync(id);
        var signal = s_rules.Single(rule => rule.Id == id).Signal;
        var isTime = signal.Measure == "p95-seconds" || (signal.Source == "gauge" && process.Units[signal.Instrument!] == "s");

        Assert.Equal(isTime, words.Contains("in seconds", StringComparison.Ordinal));
        Assert.Equal(query.Contains("100.0 * ", StringComparison.Ordinal), words.Contains("in percent", StringComparison.Ordinal));
        Assert.Equal(signal.Measure == "p95-seconds", query.Contains("/ 1000.0", StringComparison.Ordinal));
    }

    [Fact]
    public void Words_OfComparison_AreTrueOfTheThresholds()
    {
        Assert.All(s_rules.Where(rule => rule.Title.StartsWith("Most ", StringComparison.Ordinal)), rule => Assert.InRange(rule.Threshold, 50, 100));
        Assert.All(s_rules.Where(rule => rule.Description.Contains("several", StringComparison.Ordinal)), rule => Assert.InRange(rule.Threshold + 1, 2, int.MaxValue));
        Assert.All(s_rules.Where(rule => rule.Title.Contains("any ", StringComparison.Ordinal)), rule => Assert.InRange(rule.Threshold, 10, int.MaxValue));
        foreach (var far in s_rules.Where(rule => rule.Description.Contains(" far faster ", StringComparison.Ordinal)))
        {
            var near = Assert.Single(s_rules, rule => rule.Description == far.Description.Replace(" far faster ", " faster ", StringComparison.Ordinal));
            Assert.InRange(far.Threshold, near.Threshold + 1, int.MaxValue);
            Assert.InRange(far.AzureSeverity, 0, near.AzureSeverity - 1);
        }
    }

    [Fact]
    public async Task Page_OfAzure_SaysWhenQueriesAreCheckedAndWhatTheyLookAt()
    {
        var rules = (await Compiled.DeploymentAsync("main")).All("Microsoft.Insights/scheduledQueryRules").ToList();
        var frequency = Assert.Single(rules.Select(rule => rule["properties.evaluationFrequency"]).Distinct());
        var lag = Assert.Single(rules.Select(rule => Lag().Match(rule["properties.criteria.allOf.0.query"]!).Groups["minutes"].Value).Distinct());
        var (every, ago) = (int.Parse(frequency![2..^1], CultureInfo.InvariantCulture), int.Parse(lag, CultureInfo.InvariantCulture));
        var page = Repository.Text("docs/azure.md").ReplaceLineEndings(" ");

        Assert.Contains(
            $"Query rules are checked every {s_numbers[every]} minutes and look at a time that ended {s_numbers[ago]} minutes ago, because telemetry takes that long to arrive: they fire up to about {s_numbers[every + ago]} minutes late.",
            page,
            StringComparison.Ordinal);
    }

    /// <summary>Thresholds differ from environment to environment: no text may hold one.</summary>
    private static string Expected(Match number) => number.Groups["what"].Value switch
    {
        "xx" => $">= {number.Groups["number"].Value}00",
        "th percentile" => $", {number.Groups["number"].Value})",
        _ => $"nothing: the text says '{number.Value}', which no query holds",
    };

    private static async Task<(string Words, string Query)> OfAsync(string id)
    {
        var rule = s_rules.Single(each => each.Id == id);
        return ($"{rule.Title}. {rule.Description}", DeployedAlerts.Resource(await Compiled.DeploymentAsync("main"), id)["properties.criteria.allOf.0.query"] ?? "");
    }

    [GeneratedRegex(@"(?<number>\d+)(?<what>xx|th percentile)?", RegexOptions.ExplicitCapture)]
    private static partial Regex Number();

    [GeneratedRegex(@"timestamp < ago\((?<minutes>\d+)m\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Lag();
}
