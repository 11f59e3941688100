using Headgate.Core.Plans;

namespace Headgate.Core.Tests.Plans;

public sealed class PlanTableTests
{
    [Theory]
    [InlineData("free", "Free", 1, 50, 3, 3, 0)]
    [InlineData("pro", "Pro", 5, 500, 20, 15, 4900)]
    [InlineData("enterprise", "Enterprise", 20, 10_000, 200, 100, 29_900)]
    public void Get_Plan_IsAsDocumented(string id, string name, int concurrent, int monthly, int repos, int members, int cents)
    {
        var plan = PlanTable.Get(id);

        Assert.Equal((name, new TenantLimits(concurrent, monthly, repos, members), cents), (plan.DisplayName, plan.Limits, plan.PriceCents));
    }

    [Theory]
    [InlineData("team")]
    [InlineData("Free")]
    [InlineData("")]
    [InlineData(null)]
    public void TryGet_UnknownPlan_IsNeverTakenForAnother(string? id)
    {
        Assert.False(PlanTable.TryGet(id, out var plan));
        Assert.Null(plan);
    }

    [Fact]
    public void Get_UnknownPlan_Throws() => Assert.Throws<ArgumentException>(() => PlanTable.Get("team"));

    [Fact]
    public void All_Plans_HaveDistinctIdsAndPositiveWeights()
    {
        Assert.Equal(3, PlanTable.All.Select(plan => plan.Id).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(PlanTable.All, plan => Assert.True(plan.Weight >= 1));
    }

    [Fact]
    public void With_Overrides_ReplaceOnlyWhatTheyName()
    {
        var limits = PlanTable.Pro.Limits.With(new LimitOverrides(MaxConcurrentRuns: 7, MaxMembers: 0));

        Assert.Equal(new TenantLimits(7, 500, 20, 0), limits);
        Assert.Equal(PlanTable.Pro.Limits, PlanTable.Pro.Limits.With(LimitOverrides.None));
    }
}
