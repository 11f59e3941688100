using Headgate.Functions.Tasks.Pools;
using Headgate.TestKit;

namespace Headgate.Functions.Tests.Tasks.Pools;

public sealed class HeldTenantsTests
{
    [Fact]
    public void Hold_TenantsThatNobodyAsksFor_AreDroppedOnceTheirTimeIsOver()
    {
        var clock = new ManualClock();
        var held = new HeldTenants(clock, TimeSpan.FromSeconds(2));

        for (var tenant = 0; tenant < 10_000; tenant++)
        {
            held.Hold($"{tenant}", null);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(held.Count, 1, 64);
        Assert.True(held.IsHeld("9999"));
    }

    [Fact]
    public void Hold_ManyAtOnce_KeepsAllOfThem()
    {
        var held = new HeldTenants(new ManualClock(), TimeSpan.FromSeconds(2));

        for (var tenant = 0; tenant < 1000; tenant++)
            held.Hold($"{tenant}", null);

        Assert.All(Enumerable.Range(0, 1000), tenant => Assert.True(held.IsHeld($"{tenant}")));
    }
}
