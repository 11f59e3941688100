using Headgate.LocalHost.Drill;
using Xunit.Abstractions;

namespace Headgate.EndToEnd.Tests.Alerts;

public sealed class DrillTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Drill_OfEveryRule_FiresIsToldAndIsOver()
    {
        using var text = new StringWriter();

        var isWhole = await AlertDrill.RunAsync(text, new DateTimeOffset(2030, 1, 10, 12, 0, 0, TimeSpan.Zero));

        output.WriteLine(text.ToString());
        Assert.True(isWhole, text.ToString());
        Assert.Equal(2, text.ToString().Split('\n').Count(line => line.Contains("not measured here", StringComparison.Ordinal)));
    }
}
