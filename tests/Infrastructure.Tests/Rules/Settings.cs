using System.Reflection;
using System.Text.Json;
using Headgate.Azure;
using Headgate.Core.Validation;
using Headgate.Functions;
using Headgate.Functions.Options;
using Headgate.Infrastructure.Tests.Deployed;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Infrastructure.Tests.Rules;

/// <summary>The settings that a deployment gives the app, read by the app's own code.</summary>
internal static class Settings
{
    /// <summary>Read by the Functions host and the Azure libraries, not by the app.</summary>
    private static readonly string[] OfTheHost =
    [
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "APPLICATIONINSIGHTS_CONNECTION_STRING", "AZURE_CLIENT_ID", "AzureWebJobsDisableHomepage",
        "AzureWebJobsStorage__accountName", "AzureWebJobsStorage__clientId", "AzureWebJobsStorage__credential", "ServiceBus__clientId", "ServiceBus__credential",
        "DURABLE_TASK_SCHEDULER_CONNECTION_STRING",
    ];

    /// <summary>Read by the ground in Azure.</summary>
    private static readonly string[] OfTheGround = ["HEADGATE_ADMIN_KEY", "ServiceBus__fullyQualifiedNamespace", "Tables__serviceUri"];

    private static readonly string[] NotOnFlexConsumption = ["FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_EXTENSION_VERSION", "AzureWebJobsStorage", "WEBSITE_"];

    /// <summary>By name; what only Azure knows reads as <see cref="RuntimeValue"/> tells.</summary>
    public static IReadOnlyDictionary<string, string> Of(Deployment deployment) =>
        deployment.All("Microsoft.Web/sites/config").Single(config => config.Name == "appsettings").Members("properties");

    public static IEnumerable<string> Problems(IReadOnlyDictionary<string, string> settings)
    {
        var known = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting =>
            new KeyValuePair<string, string?>(setting.Key.Replace("__", ":", StringComparison.Ordinal), Standing(setting)))).Build();
        var problems = new Problems();
        OptionsRules.Read(known, problems);
        foreach (var problem in problems.Items)
            yield return $"{problem.Path} {problem.Message}";
        foreach (var problem in OfGround(known))
            yield return problem;

        foreach (var name in Needed().Where(name => !settings.ContainsKey(name)))
            yield return $"'{name}' is needed and not set";
        foreach (var name in settings.Keys.Where(name => !name.StartsWith("Headgate__", StringComparison.Ordinal) && !Needed().Concat(OfTheHost).Concat(OfTheGround).Contains(name)))
            yield return $"'{name}' is set and read by nobody";
        foreach (var name in settings.Keys.Where(name => Array.Exists(NotOnFlexConsumption, forbidden => name == forbidden || (forbidden.EndsWith('_') && name.StartsWith(forbidden, StringComparison.Ordinal)))))
            yield return $"'{name}' may not be set on Flex Consumption";
    }

    /// <summary>What triggers name, and what the sample for a developer's machine gives.</summary>
    private static HashSet<string> Needed()
    {
        var parameters = typeof(AzureBackend).Assembly.GetTypes().SelectMany(type => type.GetMethods()).SelectMany(method => method.GetParameters()).ToList();
        var timers = parameters.Select(parameter => parameter.GetCustomAttribute<TimerTriggerAttribute>()?.Schedule).OfType<string>().Select(schedule => schedule.Trim('%'));
        var connections = parameters.Select(parameter => parameter.GetCustomAttribute<ServiceBusTriggerAttribute>()?.Connection).OfType<string>().Select(name => $"{name}__fullyQualifiedNamespace");
        var sample = JsonElement.Parse(Repository.Text("local.settings.sample.json")).GetProperty("Values").EnumerateObject().Select(value => value.Name)
            .Where(name => name is not ("FUNCTIONS_WORKER_RUNTIME" or "AzureWebJobsStorage" or "Tables"));
        return timers.Concat(connections).Concat(sample).ToHashSet(StringComparer.Ordinal);
    }

    private static IEnumerable<string> OfGround(IConfiguration settings)
    {
        try
        {
            new ServiceCollection().AddAzureBackend(settings);
            return [];
        }
        catch (InvalidSettingsException refused)
        {
            return refused.Problems.Select(problem => $"{problem.Path} {problem.Message}");
        }
    }

    // What only Azure knows is an address; what the vault holds is a key.
    private static string Standing(KeyValuePair<string, string> setting) =>
        setting.Value.StartsWith("@Microsoft.KeyVault(SecretUri=", StringComparison.Ordinal) ? $"hg_operator_{string.Concat("abcdefghijklmnopqrstuvwxyz".Select(letter => $"{letter}9"))}"
        : setting.Key == "APPLICATIONINSIGHTS_CONNECTION_STRING" && setting.Value.StartsWith('<') ? $"InstrumentationKey={Guid.Empty}"
        : setting.Value.StartsWith('<') ? "https://known.example/"
        : setting.Value;
}
