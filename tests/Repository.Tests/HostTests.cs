using System.Text.Json;
using System.Text.RegularExpressions;

namespace Headgate.Repository.Tests;

/// <summary>What the Functions host reads.</summary>
public sealed partial class HostTests
{
    [Fact]
    public void HostFile_Always_IsAVersionTwoFileWithoutARoutePrefix()
    {
        using var host = JsonDocument.Parse(Tree.Named("host.json").Text);

        Assert.Equal("2.0", host.RootElement.GetProperty("version").GetString());
        Assert.Equal("", host.RootElement.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString());
    }

    [Fact]
    public void HostFile_Retry_IsLeftToTheApp()
    {
        using var host = JsonDocument.Parse(Tree.Named("host.json").Text);

        Assert.False(host.RootElement.TryGetProperty("retry", out _));
    }

    /// <summary>Settings that the file leaves alone are argued too: their value there is "as else".</summary>
    [Fact]
    public void HostFile_SettingsOfTheHost_AreThoseThatTheTableArgues()
    {
        using var host = JsonDocument.Parse(Tree.Named("host.json").Text);
        var set = Leaves(host.RootElement, "")
            .Where(leaf => leaf.Path is not ("version" or "extensions.http.routePrefix" or "extensions.durableTask.hubName") && !leaf.Path.StartsWith("logging.", StringComparison.Ordinal))
            .Select(leaf => $"{leaf.Path} = {leaf.Value}");
        var rows = HostRow().Matches(Tree.Named("docs/settings.md").Text);
        var argued = rows.Where(row => row.Groups["value"].Value != "as else").Select(row => $"{row.Groups["path"].Value} = {row.Groups["value"].Value.Trim('`')}");

        Assert.Equal(set.Order(StringComparer.Ordinal), argued.Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.True(row.Groups["why"].Value.Trim().Length > 3, row.Value));
    }

    private static IEnumerable<(string Path, string Value)> Leaves(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.Object
            ? element.EnumerateObject().SelectMany(property => Leaves(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}"))
            : [(path, element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText())];

    /// <summary>Each of these writes lines for every step of every run unless its level stops it.</summary>
    [Theory]
    [InlineData("Function.SubmitRun")]
    [InlineData("Function.RunStarter.User")]
    [InlineData("DurableTask.Core")]
    [InlineData("DurableTask.AzureStorage")]
    [InlineData("Host.Triggers.DurableTask")]
    [InlineData("Azure.Core")]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics")]
    public void HostFile_CategoriesThatSpeakOfEveryRun_AreHeldToWarnings(string category) => Assert.Equal("Warning", LevelOf(category));

    [Theory]
    [InlineData("Host.Results")]
    [InlineData("Headgate.Functions.Api.TenantReplies")]
    public void HostFile_CategoriesThatAreNeeded_AreKept(string category) => Assert.Equal("Information", LevelOf(category));

    [Fact]
    public void Functions_Names_AreUnique() =>
        Findings.None("Names that two functions share:",
            FunctionNames().GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1).Select(same => same.Key));

    [Fact]
    public void SampleSettings_Always_NameEverySettingThatTriggersRead()
    {
        using var sample = JsonDocument.Parse(Tree.Named("local.settings.sample.json").Text);
        var values = sample.RootElement.GetProperty("Values").EnumerateObject().Select(value => value.Name).ToHashSet(StringComparer.Ordinal);

        Findings.None("Settings that triggers read and local.settings.sample.json does not name:",
            Tree.Product.Where(file => file.Project == "src/Functions")
                .SelectMany(file => SettingInTrigger().Matches(file.Text))
                .Select(match => match.Groups["name"].Value.Replace(":", "__", StringComparison.Ordinal))
                .Distinct()
                .Where(name => !values.Contains(name)));
    }

    [Theory]
    [InlineData("[Function(\"SubmitRun\")]", "SubmitRun")]
    [InlineData("[Function(nameof(RunStarter))]", "RunStarter")]
    [InlineData("public const string Name = \"Sweep\"; [Function(Name)]", "Sweep")]
    public void NamesIn_AnAttribute_AreRead(string text, string expected) => Assert.Equal([expected], NamesIn(text));

    /// <summary>As the host reads the file: the longest name that the category begins with decides.</summary>
    private static string? LevelOf(string category)
    {
        using var host = JsonDocument.Parse(Tree.Named("host.json").Text);
        var levels = host.RootElement.GetProperty("logging").GetProperty("logLevel").EnumerateObject().ToDictionary(level => level.Name, level => level.Value.GetString(), StringComparer.OrdinalIgnoreCase);
        return levels.Where(level => category.StartsWith(level.Key, StringComparison.OrdinalIgnoreCase)).OrderByDescending(level => level.Key.Length).Select(level => level.Value).FirstOrDefault() ?? levels["default"];
    }

    private static IEnumerable<string> FunctionNames() => Tree.Product.Where(file => file.Project == "src/Functions").SelectMany(file => NamesIn(file.Text));

    private static IEnumerable<string> NamesIn(string text) =>
        from Match attribute in FunctionAttribute().Matches(text)
        let name = attribute.Groups["name"].Value
        let constant = Constant().Matches(text).FirstOrDefault(constant => constant.Groups["name"].Value == name)
        select constant?.Groups["value"].Value ?? name;

    [GeneratedRegex(@"^\| `(?<path>(?:extensions|functionTimeout|concurrency|retry)[\w.]*)`[^|]*\| (?<value>[^|]+?) \| [^|]*\| ?(?<why>[^|]+)\|", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex HostRow();

    [GeneratedRegex(@"const string (?<name>\w+) = ""(?<value>[^""]+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Constant();

    [GeneratedRegex(@"\[Function\((?:nameof\()?""?(?<name>[\w.]+)""?\)", RegexOptions.ExplicitCapture)]
    private static partial Regex FunctionAttribute();

    [GeneratedRegex(@"Trigger\([^)]*""%(?<name>[\w:]+)%""", RegexOptions.ExplicitCapture)]
    private static partial Regex SettingInTrigger();
}
