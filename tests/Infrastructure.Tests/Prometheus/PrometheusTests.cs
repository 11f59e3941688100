using System.ComponentModel;
using System.Diagnostics;
using Headgate.Infrastructure.Tests.Deployed;
using Headgate.Infrastructure.Tests.Rules;

namespace Headgate.Infrastructure.Tests.Prometheus;

/// <summary>The rules for Prometheus are made from the same file as Azure's, and Prometheus' own tool takes them.</summary>
public sealed class PrometheusTests
{
    private static readonly IReadOnlyList<AlertRule> Rules = AlertRuleFile.Read(AlertRuleFile.OfRepository);

    [Fact]
    public void RulesFile_Kept_IsMadeFromTheRules() => Same("infra/prometheus/rules.yaml", PrometheusRules.Write(Rules));

    [Fact]
    public void CasesFile_Kept_IsMadeFromTheRules() => Same("infra/prometheus/tests.yaml", PrometheusCases.Write(Rules));

    [Fact]
    public void Rules_ThatPrometheusLacks_AreThoseOfTheWorkspace() =>
        Assert.Equal(["log-cap-reached"], Rules.Where(rule => PrometheusRules.Expression(rule) is null).Select(rule => rule.Id));

    [Fact]
    public async Task RulesFile_CheckedByPromtool_IsSound() => await PromtoolAsync("check", "rules", "rules.yaml");

    [Fact]
    public async Task Rules_TestedByPromtool_FireAndAreSilent() => await PromtoolAsync("test", "rules", "tests.yaml");

    [Theory]
    [InlineData("max(headgate_resources_held) > 0", "max(headgate_resources_held) > 1")]
    [InlineData("max(headgate_resources_held) > 0", "max(headgate_resources_held) >= 0")]
    [InlineData("for: 10m", "for: 60m")]
    public async Task Rules_Changed_FailTheirCases(string from, string to)
    {
        using var folder = new TestKit.TempFolder();
        var rules = PrometheusRules.Write(Rules);
        Assert.Contains(from, rules, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder.Path, "rules.yaml"), rules.Replace(from, to, StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(folder.Path, "tests.yaml"), PrometheusCases.Write(Rules));

        Assert.NotEqual(0, (await RunAsync(folder.Path, "test", "rules", "tests.yaml")).ExitCode);
    }

    private static void Same(string path, string made)
    {
        if (SnapshotFile.IsRenewing)
            File.WriteAllText(Repository.Full(path), made);
        Assert.True(
            Repository.Text(path) == made,
            $"{path} is not what infra/alert-rules.json says now. Renew it: HEADGATE_RENEW_SNAPSHOTS=1 dotnet test tests/Infrastructure.Tests --filter PrometheusTests");
    }

    private static async Task PromtoolAsync(params string[] arguments)
    {
        var (exitCode, output) = await RunAsync(Repository.Full("infra/prometheus"), arguments);
        Assert.True(exitCode == 0, output);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("promtool", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        try
        {
            using var process = Process.Start(start)!;
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            return (process.ExitCode, await output + await errors);
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException("These tests need promtool: apt-get install prometheus", missing);
        }
    }
}
