using System.Text.RegularExpressions;

namespace Headgate.Repository.Tests;

/// <summary>docs/settings.md and the code name the same settings.</summary>
public sealed partial class SettingsTests
{
    private static readonly string Document = Tree.Named("docs/settings.md").Text;

    [Fact]
    public void AppSettings_InCodeAndDocument_AreTheSame() =>
        Assert.Equal(
            Tree.Product.Where(file => file.Project == "src/Functions").SelectMany(file => Read().Matches(file.Text)).Select(match => "Headgate:" + match.Groups["name"].Value).Distinct().Order(StringComparer.Ordinal),
            Named().Matches(Document).Select(match => match.Groups["name"].Value).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Variables_OfTheHost_AreDocumented() =>
        Findings.None("Variables that docs/settings.md does not name:",
            Tree.Product.Where(file => file.Project == "src/LocalHost")
                .SelectMany(file => Variable().Matches(file.Text))
                .Select(match => match.Groups["name"].Value)
                .Distinct()
                .Where(name => !Document.Contains($"`{name}`", StringComparison.Ordinal)));

    [Fact]
    public void AgentSettings_InCodeAndSample_AreTheSame() =>
        Findings.None("Settings that src/Agent/agent.sample.yaml does not explain:",
            AgentSetting().Matches(Tree.Named("src/Agent/Options/Settings.cs").Text)
                .Select(match => match.Groups["name"].Value.Split('.')[^1])
                .Where(name => !Regex.IsMatch(Tree.Named("src/Agent/agent.sample.yaml").Text, $@"^[#\s]*{name}:", RegexOptions.Multiline, TimeSpan.FromMinutes(5))));

    [GeneratedRegex(@"settings\.(?:Int|Text|Bool|Time)\(""(?<name>[\w:]+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Read();

    [GeneratedRegex(@"`(?<name>Headgate:[\w:]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Named();

    [GeneratedRegex(@"""(?<name>HEADGATE_[A-Z_]*[A-Z])""", RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();

    [GeneratedRegex(@"new\(""(?<name>[\w.]+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex AgentSetting();
}
