using System.Globalization;
using System.Text.Json;
using Headgate.Infrastructure.Tests.Bicep;
using Headgate.Infrastructure.Tests.Deployed;
using Headgate.Infrastructure.Tests.Rules;

namespace Headgate.Infrastructure.Tests;

/// <summary>The page says what is paid for while nobody uses an environment, as it follows from what is deployed.</summary>
public sealed class CostTests : IAsyncLifetime
{
    private const int KilobytesARequest = 2;

    private Deployment _dev = null!;
    private Deployment _prod = null!;

    public async Task InitializeAsync() => (_dev, _prod) = (await Compiled.DeploymentAsync("dev"), await Compiled.DeploymentAsync("prod"));

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public void Table_OfThePage_IsWhatIsDeployed()
    {
        var calls = IdleCost.Calls(_dev).ToString("#,0", CultureInfo.InvariantCulture);
        string[] rows =
        [
            $"| timers and the availability test: {calls} calls of a second at 2048 MB | {IdleCost.OfCalls(_dev, 2048)} |",
            $"| the same at 512 MB | {IdleCost.OfCalls(_dev, 512)} |",
            $"| an instance of 2048 MB always ready | {IdleCost.AlwaysReady(1, 2048)} |",
            $"| production: one for `http`, one for `durable` | {IdleCost.AlwaysReady(2, 2048)} |",
            $"| production over zones: two for each of its {ScaleGroups.OfTheApp.Count} scale groups | {IdleCost.AlwaysReady(2 * ScaleGroups.OfTheApp.Count, 2048)} |",
            $"| query rules | {IdleCost.QueryAlerts(_dev)} |",
            $"| metric rules | {IdleCost.MetricAlerts(_dev)} |",
            $"| availability test | {IdleCost.Availability(_dev)} |",
            $"| Service Bus Standard | {IdleCost.ServiceBus(_dev)} |",
            $"| private: Service Bus Premium | {IdleCost.ServiceBus(_prod)} |",
            $"| private: endpoints and zones | {IdleCost.Network(_prod)} |",
        ];
        var page = Repository.Text("docs/azure.md");

        Assert.All(rows, row => Assert.Contains($"\n{row}", page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Network_WithoutTheSwitch_CostsNothing() => Assert.Equal("0.00", IdleCost.Network(await Compiled.DeploymentAsync("dev")));

    /// <summary>What the host keeps of requests is bounded by its sampling: an instance under any load stays below a half of the smallest cap.</summary>
    [Fact]
    public void Requests_AtTheGreatestRateKept_StayFarBelowTheDailyCap()
    {
        using var host = JsonDocument.Parse(Repository.Text("host.json"));
        var perSecond = host.RootElement.GetProperty("logging").GetProperty("applicationInsights").GetProperty("samplingSettings").GetProperty("maxTelemetryItemsPerSecond").GetInt32();
        var cap = new[] { _dev, _prod }.Min(deployment => int.Parse(deployment.Single("Microsoft.OperationalInsights/workspaces")["properties.workspaceCapping.dailyQuotaGb"]!, CultureInfo.InvariantCulture));

        Assert.InRange(perSecond * 86_400.0 * KilobytesARequest / 1e6, 0, cap / 2.0);
    }
}
