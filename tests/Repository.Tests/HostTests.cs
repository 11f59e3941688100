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

    private static IEnumerable<string> FunctionNames() =>
        Tree.Product.Where(file => file.Project == "src/Functions").SelectMany(file => FunctionAttribute().Matches(file.Text)).Select(match => match.Groups["name"].Value);

    [GeneratedRegex(@"\[Function\((?:nameof\()?""?(?<name>[\w.]+)""?\)", RegexOptions.ExplicitCapture)]
    private static partial Regex FunctionAttribute();

    [GeneratedRegex(@"Trigger\([^)]*""%(?<name>[\w:]+)%""", RegexOptions.ExplicitCapture)]
    private static partial Regex SettingInTrigger();
}
