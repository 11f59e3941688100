using System.Text.Json;
using System.Text.RegularExpressions;
using Headgate.Infrastructure.Tests.Bicep;

namespace Headgate.Infrastructure.Tests;

/// <summary>The pages and tools around the files name what is there.</summary>
public sealed partial class DocumentTests
{
    private const string Mark = "†";

    public static TheoryData<string> Pages => [.. Directory.EnumerateFiles(Repository.Full("docs/runbooks"), "*.md").Append(Repository.Full("docs/azure.md"))
        .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Variables_OfAPage_AreOutputsOrSettings(string page)
    {
        var outputs = (await Compiled.DeploymentAsync("dev")).Outputs;
        string[] ofThePages =
        [
            "HEADGATE", "HEADGATE_ADMIN_KEY", "HEADGATE_ALERT_EMAILS", "HEADGATE_PRIVATE", "HEADGATE_BUDGET_START", "HEADGATE_BUDGET_EXISTS",
            "HEADGATE_OPERATOR_ADDRESSES", "HEADGATE_ZONE_REDUNDANT", "HEADGATE_INSTANCE_MEMORY", "HEADGATE_DURABLE_BACKEND", "HEADGATE_LIVE", "HEADGATE_TOKEN_ISSUER", "HEADGATE_TOKEN_AUDIENCE",
            "AZURE_LOCATION", "AZURE_PRINCIPAL_ID", "AZURE_PRINCIPAL_TYPE", "AZURE_SUBSCRIPTION_ID", "AZURE_ENV_NAME",
        ];

        Assert.Empty(Variable().Matches(Repository.Text(page)).Select(match => match.Value).Distinct().Except(outputs).Except(ofThePages));
    }

    [Fact]
    public async Task Outputs_Each_AreUsedByARunbook()
    {
        var text = string.Concat(Directory.EnumerateFiles(Repository.Full("docs/runbooks"), "*.md").Select(File.ReadAllText));

        Assert.All((await Compiled.DeploymentAsync("dev")).Outputs, name => Assert.Contains(name, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Azd_Service_IsTheAppItFindsByTag()
    {
        var azd = Repository.Text("azure.yaml");
        var deployment = await Compiled.DeploymentAsync("main");

        Assert.Contains($"\n  {deployment.Single("Microsoft.Web/sites")["tags.azd-service-name"]}:\n    project: ./src/Functions\n", azd, StringComparison.Ordinal);
        Assert.Contains("path: infra/bicep\n  module: main\n", azd, StringComparison.Ordinal);
        Assert.Equal("test", deployment.Single("Microsoft.Resources/resourceGroups")["tags.azd-env-name"]);
    }

    /// <summary>What the parameter file of azd reads is what the page tells to set.</summary>
    [Fact]
    public void Variables_ThatAzdsParametersRead_StandOnThePage() =>
        Assert.All(Read().Matches(Sources.Text("bicep/main.bicepparam")), read => Assert.Contains($"`{read.Groups["name"].Value}`", Repository.Text("docs/azure.md"), StringComparison.Ordinal));

    /// <summary>Commands for Azure could not be tried: whatever leads to a block of them says so by the mark that the page explains.</summary>
    [Fact]
    public void Commands_ForAzure_AreMarkedAsUntried()
    {
        var page = Repository.Text("docs/azure.md");
        var parts = page.Split("\n```\n");

        Assert.Contains($"**{Mark}** marks", page, StringComparison.Ordinal);
        var blocks = Enumerable.Range(0, parts.Length / 2).Select(i => (Lead: parts[2 * i].Trim().Split("\n\n")[^1], Commands: parts[(2 * i) + 1])).Where(block => ForAzure().IsMatch(block.Commands)).ToList();
        Assert.InRange(blocks.Count, 8, 40);
        Assert.All(blocks, block => Assert.StartsWith($"{Mark} ", block.Lead, StringComparison.Ordinal));
    }

    [Fact]
    public void Linter_EveryRule_IsAnErrorUnlessItTurnsWithTheCalendar()
    {
        using var config = JsonDocument.Parse(Sources.Text("bicep/bicepconfig.json"));
        var rules = config.RootElement.GetProperty("analyzers").GetProperty("core").GetProperty("rules").EnumerateObject().ToList();

        Assert.InRange(rules.Count, 40, 100);
        Assert.All(rules, rule => Assert.Equal(rule.Name.StartsWith("use-recent", StringComparison.Ordinal) ? "warning" : "error", rule.Value.GetProperty("level").GetString()));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/azure.md")]
    public void Page_OfWhatIsProven_SaysThatNothingWasDeployed(string page) => Assert.Contains("othing was deployed to real Azure", Repository.Text(page), StringComparison.Ordinal);

    [GeneratedRegex(@"readEnvironmentVariable\('(?<name>\w+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex Read();

    [GeneratedRegex(@"(^|[ (])(az|azd|curl) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex ForAzure();

    [GeneratedRegex(@"(?<=\$)(HEADGATE|AZURE)\w*|\b(HEADGATE|AZURE)_\w+", RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();
}
