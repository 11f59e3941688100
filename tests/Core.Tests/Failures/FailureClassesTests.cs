using Headgate.Core.Failures;

namespace Headgate.Core.Tests.Failures;

public sealed class FailureClassesTests
{
    [Theory]
    [InlineData(FailureClass.Network, "network", true)]
    [InlineData(FailureClass.Resource, "resource", true)]
    [InlineData(FailureClass.Auth, "auth", false)]
    [InlineData(FailureClass.Permanent, "permanent", false)]
    [InlineData(FailureClass.Timeout, "timeout", true)]
    [InlineData(FailureClass.LostAgent, "lost-agent", true)]
    [InlineData(FailureClass.Cancelled, "cancelled", false)]
    [InlineData(FailureClass.Unknown, "unknown", true)]
    public void Class_NameAndRetry_AreAsDocumented(FailureClass failure, string name, bool retried)
    {
        Assert.Equal(name, failure.WireName());
        Assert.Equal(retried, failure.IsRetried());
        Assert.True(FailureClasses.TryParse(name, out var parsed));
        Assert.Equal(failure, parsed);
    }

    [Fact]
    public void WireNames_ForEveryClass_Exist() =>
        Assert.Equal(Enum.GetValues<FailureClass>().Select(failure => failure.WireName()), FailureClasses.WireNames);

    [Theory]
    [InlineData("Network")]
    [InlineData("lost_agent")]
    [InlineData("")]
    [InlineData(null)]
    public void TryParse_NoWireName_IsUnknownAndFalse(string? name)
    {
        Assert.False(FailureClasses.TryParse(name, out var failure));
        Assert.Equal(FailureClass.Unknown, failure);
    }
}
