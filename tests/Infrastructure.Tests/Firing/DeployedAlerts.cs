using System.Text.Json;
using Headgate.Infrastructure.Tests.Bicep;
using Headgate.Infrastructure.Tests.Deployed;
using Headgate.Infrastructure.Tests.Firing.Cases;
using Headgate.Infrastructure.Tests.Firing.Telemetry;
using Headgate.Infrastructure.Tests.Kusto;
using Headgate.Infrastructure.Tests.Rules;

namespace Headgate.Infrastructure.Tests.Firing;

/// <summary>The alerts that the environments deploy, with the rules they are made of.</summary>
internal static class DeployedAlerts
{
    private static readonly Lazy<Task<IReadOnlyDictionary<string, KustoNode>>> s_trees = new(async () =>
        await ParsedAsync(await Task.WhenAll(Sources.ParameterFiles.Select(Compiled.DeploymentAsync))));

    /// <returns>The rule with the environment's threshold, and its alert.</returns>
    public static async Task<(AlertRule Rule, Alert Alert)> OneAsync(string environment, string id)
    {
        var deployment = await Compiled.DeploymentAsync(environment);
        return (await RuleAsync(environment, id), Alert.Of(Resource(deployment, id), await s_trees.Value));
    }

    public static async Task<AlertRule> RuleAsync(string environment, string id)
    {
        var rule = AlertRuleFile.Read(AlertRuleFile.OfRepository).Single(each => each.Id == id);
        var parameters = (await Compiled.ParametersAsync(environment)).Parameters;
        return parameters.TryGetProperty("alertThresholds", out var given) && given.GetProperty("value").TryGetProperty(id, out var threshold)
            ? rule with { Threshold = threshold.GetInt32() }
            : rule;
    }

    public static DeployedResource Resource(Deployment deployment, string id)
    {
        var prefix = $"headgate-{deployment.Single("Microsoft.Resources/resourceGroups").Name["rg-headgate-".Length..]}";
        return deployment.Resources.Single(resource => resource.Name == $"{prefix}-{id}");
    }

    /// <returns>The trees of all queries of alerts, by their text.</returns>
    public static async Task<IReadOnlyDictionary<string, KustoNode>> ParsedAsync(IEnumerable<Deployment> deployments) =>
        await KustoService.TreesAsync(deployments
            .SelectMany(deployment => deployment.All("Microsoft.Insights/scheduledQueryRules"))
            .Select(rule => rule["properties.criteria.allOf.0.query"]!)
            .Distinct(StringComparer.Ordinal)
            .Select(query => new NamedQuery(query, query)));

    /// <returns>The cases in which the alert does not do what the rule says.</returns>
    public static IReadOnlyList<string> Wrong(AlertRule rule, Alert alert)
    {
        var wrong = new List<string>();
        foreach (var each in FiringCase.Of(rule))
        {
            using var site = new Site();
            each.Play(site);
            site.Pass(FiringCase.LagOf(rule), minute => each.Since(site, minute));
            if (alert.IsMet(site, site.Now) != each.Fires)
                wrong.Add($"{rule.Id} {(each.Fires ? "does not fire" : "fires")}: {each.Name}");
        }

        return wrong;
    }
}
