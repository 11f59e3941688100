using Headgate.LocalHost;
using Headgate.LocalHost.Drill;
using Headgate.TestKit;
using Xunit.Abstractions;

namespace Headgate.EndToEnd.Tests.Alerts;

public sealed class DrillTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Drill_OfEveryRule_FiresIsToldAndIsOver()
    {
        using var text = new StringWriter();

        var isWhole = await AlertDrill.RunAsync(text, new DateTimeOffset(2030, 1, 10, 12, 0, 59, 900, TimeSpan.Zero), CancellationToken.None);

        output.WriteLine(text.ToString());
        Assert.True(isWhole, text.ToString());
        Assert.Equal(2, text.ToString().Split('\n').Count(line => line.Contains("not measured here", StringComparison.Ordinal)));
    }

    /// <summary>With settings that a service would be refused for, had it read them: they are those of another, whose people must not be woken.</summary>
    [Fact]
    public async Task Drill_ToldToStop_EndsWithoutHavingReadTheEnvironment()
    {
        await using var drill = ChildProcess.Start("dotnet", [typeof(LocalServer).Assembly.Location, "drill"], new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Headgate__Notifications__people__Url"] = "nonsense",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "nonsense",
            ["HEADGATE_SCRAPE_KEY"] = "short",
        });
        await drill.SaysAsync("all is well");
        await drill.SignalAsync("TERM");

        Assert.Equal(4, await drill.EndedAsync());
        Assert.Contains("the drill was stopped", drill.Output);
    }
}
