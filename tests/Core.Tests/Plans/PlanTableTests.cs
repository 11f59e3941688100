using Headgate.Core.Plans;

namespace Headgate.Core.Tests.Plans;

public sealed class PlanTableTests
{
    [Theory]
    [InlineData("free", "Free", 1, 50, 3, 3, 0, 20, 20, 10, 10)]
    [InlineData("pro", "Pro", 5, 500, 20, 15, 4900, 100, 100, 100, 100)]
    [InlineData("enterprise", "Enterprise", 20, 10_000, 200, 100, 29_900, 100, 100, 1_000, 1_000)]
    public void Get_Plan_IsAsDocumented(string id, string name, int concurrent, int monthly, int repos, int members, int cents, int policies, int keys, int agents, int schedules)
    {
        var plan = PlanTable.Get(id);

        var limits = new TenantLimits(concurrent, monthly, repos, members, MaxPolicies: policies, MaxKeys: keys, MaxAgents: agents, MaxSchedules: schedules);
        Assert.Equal((name, limits, cents), (plan.DisplayName, plan.Limits, plan.PriceCents));
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

        Assert.Equal(PlanTable.Pro.Limits with { MaxConcurrentRuns = 7, MaxMembers = 0 }, limits);
        Assert.Equal(PlanTable.Pro.Limits, PlanTable.Pro.Limits.With(LimitOverrides.None));
    }

    [Fact]
    public void At_OverridesWithAnEnd_HoldUntilThatInstant()
    {
        var end = new DateTimeOffset(2028, 2, 29, 0, 0, 0, TimeSpan.Zero);
        var overrides = new LimitOverrides(MaxConcurrentRuns: 7, MaxSchedules: 3, Until: end);

        Assert.Equal(overrides, overrides.At(end - TimeSpan.FromTicks(1)));
        Assert.Equal(LimitOverrides.None, overrides.At(end));
        Assert.Equal(LimitOverrides.None, overrides.At(end.AddYears(1)));
        Assert.Equal(new LimitOverrides(MaxConcurrentRuns: 7), new LimitOverrides(MaxConcurrentRuns: 7).At(end.AddYears(100)));
    }
}
