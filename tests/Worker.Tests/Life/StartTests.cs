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

        Assert.Equal(3, process.Errors.Length);
        Assert.All(process.Errors, line => Assert.Contains("error", line, StringComparison.OrdinalIgnoreCase));
        foreach (var (setting, line) in new[] { "Tables:serviceUri", "ServiceBus:fullyQualifiedNamespace", "HEADGATE_ADMIN_KEY" }.Zip(process.Errors))
            Assert.Contains(setting, line, StringComparison.Ordinal);
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
}
