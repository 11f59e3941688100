using System.Diagnostics;
using Headgate.Agent.Tasks.Command;
using Headgate.Agent.Tests.Support;
using Headgate.Contracts.Agents;

namespace Headgate.Agent.Tests.Tasks;

public sealed class ChildPriorityTests
{
    [Fact]
    public void Set_AfterSettingsCame_MakesTheChildNice()
    {
        var priority = new ChildPriority(Given.Silent);
        priority.Apply(new AgentSettings(1, new Dictionary<string, int>(), 1, "idle", null, 1));
        using var child = Process.Start("/bin/sleep", ["300"]);

        priority.Set(child.Id);

        var fields = File.ReadAllText($"/proc/{child.Id}/stat").Split(") ")[1].Split(' ');
        child.Kill();
        Assert.Equal("19", fields[16]);
    }

    [Theory]
    [InlineData(100, 0)]
    [InlineData(50, 9)]
    [InlineData(1, 19)]
    [InlineData(0, 19)]
    [InlineData(1000, 0)]
    public void Nice_Quota_IsSpreadOverTheRange(int percent, int nice) => Assert.Equal(nice, ChildPriority.Nice(percent));

    [Fact]
    public async Task Apply_Bandwidth_IsSaidNotToBeApplied()
    {
        await using var text = new StringWriter();
        var log = new AgentLog(text, TimeProvider.System);

        new ChildPriority(log).Apply(new AgentSettings(1, new Dictionary<string, int>(), 50, "low", 10, 1));
        await log.FlushAsync(TimeSpan.FromMinutes(5));

        Assert.Contains("warn not-applied setting=bandwidthLimitMbps", text.ToString(), StringComparison.Ordinal);
    }
}
