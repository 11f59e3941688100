using Headgate.Core.Dispatch;
using Headgate.Core.Runs;

namespace Headgate.Core.Tests.Dispatch;

public sealed class AvoidanceTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, false)]
    [InlineData(-1, false)]
    [InlineData(1, true)]
    [InlineData(600, true)]
    [InlineData(601, false)]
    public void At_SecondsThatAreLeft_KeepsOnlyWhatHolds(int seconds, bool holds)
    {
        var avoidance = new Avoidance("agt-1", Now.AddSeconds(seconds));
        var offer = new TaskOffer("run.one", "acme", 1, "backup", TaskPriority.Normal, null, new Dictionary<string, string>(), Now) { Avoids = avoidance };

        Assert.Equal(holds ? avoidance : null, offer.At(Now).Avoids);
    }

    [Fact]
    public void At_NothingAvoided_IsTheSame()
    {
        var offer = new TaskOffer("run.one", "acme", 1, "backup", TaskPriority.Normal, null, new Dictionary<string, string>(), Now);

        Assert.Same(offer, offer.At(Now));
    }
}
