using Headgate.Core.Tenants;

namespace Headgate.Core.Tests.Tenants;

public sealed class TenantTransitionsTests
{
    [Theory]
    [InlineData(TenantStatus.Active, "paused suspended deactivated")]
    [InlineData(TenantStatus.Paused, "active deactivated")]
    [InlineData(TenantStatus.Suspended, "active deactivated")]
    [InlineData(TenantStatus.Deactivated, "active")]
    public void Allows_EveryPair_AsTheTableSays(TenantStatus from, string targets)
    {
        foreach (var to in Enum.GetValues<TenantStatus>())
            Assert.Equal((to, targets.Split(' ').Contains(to.WireName())), (to, TenantTransitions.Allows(from, to)));
    }

    [Fact]
    public void WireNames_EveryStatus_ParsesBack() =>
        Assert.All(Enum.GetValues<TenantStatus>(), status =>
        {
            Assert.True(TenantStatuses.TryParse(status.WireName(), out var parsed));
            Assert.Equal(status, parsed);
        });

    [Theory]
    [InlineData("Active")]
    [InlineData("closed")]
    [InlineData(null)]
    public void TryParse_NoWireName_IsFalse(string? name) => Assert.False(TenantStatuses.TryParse(name, out _));
}
