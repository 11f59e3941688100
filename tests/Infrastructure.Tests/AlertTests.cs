using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.Json;
using Headgate.Functions.Telemetry;
using Headgate.Infrastructure.Tests.Bicep;
using Headgate.Infrastructure.Tests.Rules;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Infrastructure.Tests;

/// <summary>Rules, alerts, runbooks and workbook say the same.</summary>
public sealed class AlertTests
{
    private static readonly IReadOnlyList<AlertRule> Rules = AlertRuleFile.Read(AlertRuleFile.OfRepository);

    public static TheoryData<string> ParameterFiles => [.. Sources.ParameterFiles];

    [Fact]
    public void RuleFile_AgainstItsSchema_Fits() => Assert.Empty(AlertRuleFile.AgainstSchema(AlertRuleFile.OfRepository));

    [Fact]
    public void Rules_Ids_AreUnique() => Assert.Equal(Rules.Count, Rules.Select(rule => rule.Id).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void Rules_Times_AreWholeNumbersOfWindows()
    {
        Assert.All(Rules, rule => Assert.Equal(0, rule.ForMinutes % rule.WindowMinutes));
        Assert.All(Rules.Where(rule => rule.Signal.Source is "ratio" or "requests"), rule => Assert.Equal(rule.WindowMinutes, rule.ForMinutes));
    }

    [Theory]
    [MemberData(nameof(ParameterFiles))]
    public async Task Alerts_OfEachEnvironment_AreTheRules(string parameterFile)
    {
        var parameters = (await Compiled.ParametersAsync(parameterFile)).Parameters;
        var overrides = parameters.TryGetProperty("alertThresholds", out var given) ? given.GetProperty("value").Deserialize<Dictionary<string, long>>()! : [];

        Assert.Empty(AlertAgreement.Differences(Rules, overrides, await Compiled.DeploymentAsync(parameterFile)));
    }

    [Fact]
    public void Runbooks_EachPage_IsItsRules() => Assert.Empty(Runbooks.Differences(Rules, Runbooks.OfRepository));

    [Fact]
    public void Signals_Instruments_AreTheApps()
    {
        var known = Instruments();
        Assert.Empty(Rules.SelectMany(rule => new[] { rule.Signal.Instrument, rule.Signal.Per }).OfType<string>().Except(known));
    }

    [Fact]
    public void Rules_OfBurningBudgets_AreTheLimitsOfTheObjectives()
    {
        var limits = JsonElement.Parse(Sources.Text("slo.json")).GetProperty("burnLimits").EnumerateArray().Select(limit => limit.GetProperty("name").GetString()!);
        var rules = Rules.Where(rule => rule.Signal.Instrument == Headgate.Functions.Telemetry.Instruments.Burning).ToList();

        Assert.Equal(limits, rules.Select(rule => rule.Signal.Labels["limit"]));
        Assert.All(rules, rule => Assert.Equal(($"slo-burn-{rule.Signal.Labels["limit"]}", 0), (rule.Id, rule.Threshold)));
    }

    [Fact]
    public void HeldCalls_LeftOutOfSlowAnswers_AreFunctions()
    {
        var functions = typeof(Headgate.Functions.Composition).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .Select(method => method.GetCustomAttribute<FunctionAttribute>()?.Name).OfType<string>();

        Assert.Empty(AlertAgreement.HeldCalls.Except(functions));
    }

    [Fact]
    public void Workbook_Instruments_AreTheApps()
    {
        using var workbook = JsonDocument.Parse(Sources.Text("workbook.json"));
        var known = Instruments();
        var named = workbook.RootElement.GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("content")).Where(content => content.TryGetProperty("query", out _))
            .Select(content => content.GetProperty("query").GetString()!)
            .Where(query => query.StartsWith("customMetrics", StringComparison.Ordinal))
            .Select(query => query.Split('"')[1]).ToList();

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(known));
    }

    /// <summary>What the app's meter has, and the duration of requests, which ASP.NET Core measures.</summary>
    private static HashSet<string> Instruments()
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { "http.server.request.duration" };
        using var services = new ServiceCollection().AddMetrics().AddSingleton(TimeProvider.System).AddSingleton<Metrics>().AddSingleton<Gauges>().BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory))
                    names.Add(instrument.Name);
            },
        };
        listener.Start();
        services.GetRequiredService<Metrics>();
        services.GetRequiredService<Gauges>();
        return names;
    }
}
