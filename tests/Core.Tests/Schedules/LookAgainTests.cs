using Headgate.Core.Schedules;
using Xunit;

namespace Headgate.Core.Tests.Schedules;

public sealed class LookAgainTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(-86_400, 5)]
    [InlineData(0, 5)]
    [InlineData(50, 5)]
    [InlineData(200, 20)]
    [InlineData(600, 60)]
    [InlineData(864_000, 60)]
    public void Waiting_ForSoLong_IsATenthOfItWithinItsBounds(int seconds, int pause) =>
        Assert.Equal(Now.AddSeconds(pause), LookAgain.Waiting(Now.AddSeconds(-seconds), Now));

    [Fact]
    public void Of_AnySchedule_IsAWholeNumberOfMilliseconds()
    {
        var now = Now.AddTicks(12_345_678);

        Assert.All([LookAgain.Waiting(Now, now), LookAgain.Failed(now), LookAgain.Unknown(now)], at => Assert.Equal(0, at.Ticks % TimeSpan.TicksPerMillisecond));
    }
}
