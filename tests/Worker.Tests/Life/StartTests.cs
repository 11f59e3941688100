using System.Net;
using Headgate.Worker.Tests.Host;
using Headgate.Worker.Tests.Support;

namespace Headgate.Worker.Tests.Life;

public class StartTests
{
    [Fact]
    public async Task Start_WithSettingsMissing_EndsWithEachOfThemAsAnError()
    {
        var settings = WorkerSettings.Of("UseDevelopmentStorage=true", WorkerSettings.NoBus);
        settings["Tables"] = "";
        settings["ServiceBus"] = "";
        settings["HEADGATE_ADMIN_KEY"] = "secret";
        await using var host = await FunctionsHost.ListenAsync(settings);
        var (process, _) = host.StartProcess();
        await using var ended = process;

        Assert.Equal(1, await process.EndedAsync());

        Assert.Equal(3, process.Errors.Count);
        Assert.All(process.Errors, line => Assert.Contains("error", line, StringComparison.OrdinalIgnoreCase));
        foreach (var (setting, line) in new[] { "Tables:serviceUri", "ServiceBus:fullyQualifiedNamespace", "HEADGATE_ADMIN_KEY" }.Zip(process.Errors))
            Assert.Contains(setting, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithSettingsWrongOfEveryKind_EndsWithAllOfThemAtOnce()
    {
        var settings = WorkerSettings.Of("UseDevelopmentStorage=true", WorkerSettings.NoBus);
        settings["Headgate__Leases__Seconds"] = "0";
        settings["Headgate__Retention__Runs"] = "1";
        settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "smoke";
        settings["Tables"] = "nonsense";
        settings["ServiceBus"] = "nonsense";
        settings["HEADGATE_ADMIN_KEY"] = "secret";
        await using var host = await FunctionsHost.ListenAsync(settings);
        var (process, _) = host.StartProcess();
        await using var ended = process;

        Assert.Equal(1, await process.EndedAsync());

        Assert.All(process.Errors, line => Assert.StartsWith("Error: the setting ", line, StringComparison.Ordinal));
        Assert.Equal(
            ["HEADGATE_ADMIN_KEY", "Headgate:Leases:Seconds", "Headgate:Retention:Runs", "OTEL_EXPORTER_OTLP_PROTOCOL", "ServiceBus", "Tables"],
            process.Errors.Select(line => line["Error: the setting ".Length..].Split(": ")[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Start_WithASettingOutOfRange_EndsWithItAsAnError()
    {
        var settings = WorkerSettings.Of("UseDevelopmentStorage=true", WorkerSettings.NoBus);
        settings["Headgate__Leases__Seconds"] = "0";
        await using var host = await FunctionsHost.ListenAsync(settings);
        var (process, _) = host.StartProcess();
        await using var ended = process;

        Assert.Equal(1, await process.EndedAsync());
        Assert.Contains("Headgate:Leases:Seconds", process.Errors[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithTheOperatorKeyUnresolved_ServesAllButOperators()
    {
        await using var tables = await AccountTables.StartAsync();
        var settings = WorkerSettings.Of(tables);
        settings["HEADGATE_ADMIN_KEY"] = "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/operator-key)";
        await using var host = await FunctionsHost.StartAsync(settings);
        using var operators = host.NewClient(WorkerSettings.OperatorKey);

        using var health = await operators.GetAsync("/health");
        using var refused = await operators.GetAsync("/tenants");

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(30), refused.Headers.RetryAfter!.Delta);
        Assert.Contains("\"operator-key-unresolved\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
