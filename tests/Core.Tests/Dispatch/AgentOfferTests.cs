using Headgate.Core.Dispatch;
using Headgate.Core.Runs;

namespace Headgate.Core.Tests.Dispatch;

public sealed class AgentOfferTests
{
    private static readonly AgentOffer Shared = new("a1", null, new HashSet<string>(StringComparer.Ordinal) { "command" }, Labels(("os", "linux"), ("zone", "b")));

    private static readonly TaskOffer Task = new("r.t", "acme", 1, "command", TaskPriority.Normal, null, Labels(), DateTimeOffset.UnixEpoch);

    [Fact]
    public void Suits_PlainTaskOfItsType_Yes() => Assert.True(Shared.Suits(Task));

    [Fact]
    public void Suits_AgentOfAnotherTenant_No()
    {
        Assert.True((Shared with { TenantId = "acme" }).Suits(Task));
        Assert.False((Shared with { TenantId = "other" }).Suits(Task));
    }

    [Fact]
    public void Suits_PinnedTask_OnlyForThatAgent()
    {
        Assert.True(Shared.Suits(Task with { AgentId = "a1" }));
        Assert.False(Shared.Suits(Task with { AgentId = "a2" }));
    }

    [Fact]
    public void Suits_PinnedTaskOfAnotherTenant_StillNo() =>
        Assert.False((Shared with { TenantId = "other" }).Suits(Task with { AgentId = "a1" }));

    [Fact]
    public void Suits_TypeItDoesNotTake_No()
    {
        Assert.False(Shared.Suits(Task with { Type = "archive" }));
        Assert.False((Shared with { Capabilities = new HashSet<string>(StringComparer.Ordinal) }).Suits(Task));
    }

    [Fact]
    public void Suits_Labels_AllWithTheirValues()
    {
        Assert.True(Shared.Suits(Task with { Labels = Labels(("os", "linux")) }));
        Assert.True(Shared.Suits(Task with { Labels = Labels(("os", "linux"), ("zone", "b")) }));
        Assert.False(Shared.Suits(Task with { Labels = Labels(("os", "windows")) }));
        Assert.False(Shared.Suits(Task with { Labels = Labels(("os", "linux"), ("gpu", "1")) }));
    }

    private static Dictionary<string, string> Labels(params (string Key, string Value)[] labels) =>
        labels.ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal);
}
