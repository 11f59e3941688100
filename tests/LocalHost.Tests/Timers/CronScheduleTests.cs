using Headgate.LocalHost.Timers;

namespace Headgate.LocalHost.Tests.Timers;

public sealed class CronScheduleTests
{
    [Theory]
    [InlineData("* * * * * *", "2030-01-01T00:00:00.500Z", "2030-01-01T00:00:01Z")]
    [InlineData("*/15 * * * * *", "2030-01-01T00:00:15Z", "2030-01-01T00:00:30Z")]
    [InlineData("0 30 9 * * 1-5", "2030-01-04T09:30:00Z", "2030-01-07T09:30:00Z")]
    [InlineData("0 0 0 29 2 *", "2030-01-01T00:00:00Z", "2032-02-29T00:00:00Z")]
    public void Next_Schedule_IsStrictlyAfter(string schedule, string after, string next) =>
        Assert.Equal(DateTimeOffset.Parse(next), CronSchedule.TryParse(schedule)!.Next(DateTimeOffset.Parse(after)));

    [Theory]
    [InlineData("")]
    [InlineData("* * * * *")]
    [InlineData("61 * * * * *")]
    [InlineData("every minute")]
    public void TryParse_NoSchedule_IsNull(string text) => Assert.Null(CronSchedule.TryParse(text));

    [Fact]
    public void Next_DayThatNeverComes_IsNull() =>
        Assert.Null(CronSchedule.TryParse("0 0 0 31 2 *")!.Next(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)));
}
