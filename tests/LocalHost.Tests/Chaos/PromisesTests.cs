using Headgate.LocalHost.Chaos;

namespace Headgate.LocalHost.Tests.Chaos;

public sealed class PromisesTests
{
    [Fact]
    public async Task Write_OneBroken_SaysWhichAndHow()
    {
        var promises = new Promises();
        promises.Cap.Check(holds: true, () => "");
        promises.Kept.Check(holds: true, () => "");
        promises.Kept.Check(holds: false, () => "run r1 is gone");

        using var text = new StringWriter();
        await promises.WriteAsync(text);

        Assert.False(promises.Hold);
        var lines = text.ToString().Split('\n').Select(line => line.TrimEnd()).ToList();
        Assert.Contains(lines, line => line.StartsWith(promises.Cap.Text, StringComparison.Ordinal) && line.EndsWith("1  held", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith(promises.Kept.Text, StringComparison.Ordinal) && line.EndsWith("2  BROKEN 1 times", StringComparison.Ordinal));
        Assert.Contains("    run r1 is gone", lines);
        Assert.Contains(lines, line => line.EndsWith("not looked at", StringComparison.Ordinal));
    }

    [Fact]
    public void Hold_NothingBroken_IsSo()
    {
        var promises = new Promises();
        foreach (var promise in promises.All)
            promise.Check(holds: true, () => "");

        Assert.True(promises.Hold);
    }
}
