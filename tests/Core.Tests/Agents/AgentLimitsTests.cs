using Headgate.Core.Agents;
using Headgate.Core.Validation;

namespace Headgate.Core.Tests.Agents;

public sealed class AgentLimitsTests
{
    [Fact]
    public void Default_Always_IsAsDocumentedAndValid()
    {
        Assert.Equal((3, 50, "low", null), (AgentLimits.Default.MaxConcurrentTasks, AgentLimits.Default.CpuQuotaPercent, AgentLimits.Default.IoPriority, AgentLimits.Default.BandwidthLimitMbps));
        Assert.Equal("", Found(AgentLimits.Default));
    }

    [Fact]
    public void IsSameAs_OtherOrderOfTypes_IsTheSame()
    {
        var limits = AgentLimits.Default with { TypeLimits = Types(("a", 1), ("b", 2)) };

        Assert.True(limits.IsSameAs(AgentLimits.Default with { TypeLimits = Types(("b", 2), ("a", 1)) }));
        Assert.False(limits.IsSameAs(AgentLimits.Default with { TypeLimits = Types(("b", 2), ("a", 2)) }));
        Assert.False(limits.IsSameAs(AgentLimits.Default with { TypeLimits = Types(("a", 1), ("b", 2), ("c", 1)) }));
        Assert.False(limits.IsSameAs(limits with { CpuQuotaPercent = 51 }));
    }

    [Fact]
    public void Check_EverythingWrong_FindsEverything() =>
        Assert.Equal(
            """
            maxConcurrentTasks: must be between 1 and 100
            typeLimits.backup: must be between 0 and 100
            cpuQuotaPercent: must be between 1 and 100
            ioPriority: must be one of: idle, low, normal
            bandwidthLimitMbps: must be between 1 and 100000, or null for no limit
            """,
            Found(new AgentLimits(0, Types(("backup", 101)), 0, "high", 0)));

    [Fact]
    public void Check_TypeOverTheTotal_NamesTheRelation() =>
        Assert.Equal("typeLimits.backup: must not exceed maxConcurrentTasks (2)", Found(AgentLimits.Default with { MaxConcurrentTasks = 2, TypeLimits = Types(("backup", 3), ("prune", 2)) }));

    [Theory]
    [InlineData(1, 1, "idle", 1)]
    [InlineData(100, 100, "normal", 100_000)]
    public void Check_Edges_AreAllowed(int total, int cpu, string priority, int bandwidth) =>
        Assert.Equal("", Found(new AgentLimits(total, Types(("backup", total), ("prune", 0)), cpu, priority, bandwidth)));

    private static Dictionary<string, int> Types(params (string Type, int Limit)[] types) => types.ToDictionary(type => type.Type, type => type.Limit, StringComparer.Ordinal);

    private static string Found(AgentLimits limits)
    {
        var problems = new Problems();
        limits.Check(problems);
        return problems.ToString();
    }
}
