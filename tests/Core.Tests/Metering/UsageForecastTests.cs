using System.Globalization;
using Headgate.Core.Metering;

namespace Headgate.Core.Tests.Metering;

public sealed class UsageForecastTests
{
    [Theory]
    // Twenty a day since yesterday: forty more take two days.
    [InlineData(60, 100, 30, "2026-03-10T12:00:00Z", "2026-03-12")]
    // What is reached is reached.
    [InlineData(100, 100, 0, "2026-03-10T12:00:00Z", "2026-03-10")]
    [InlineData(130, 100, 5, "2026-03-10T12:00:00Z", "2026-03-10")]
    // The month is over before.
    [InlineData(60, 100, 1, "2026-03-10T12:00:00Z", null)]
    [InlineData(60, 1e9, 1e-300, "2026-03-10T12:00:00Z", null)]
    [InlineData(60, 100, 0, "2026-03-10T12:00:00Z", null)]
    // On the first of a month yesterday is of another.
    [InlineData(10, 20, 10, "2028-02-01T12:00:00Z", "2028-02-02")]
    // A leap day is a day.
    [InlineData(99, 100, 3, "2028-02-28T12:00:00Z", "2028-02-29")]
    [InlineData(97, 100, 3, "2027-02-28T12:00:00Z", null)]
    // The first minute of a month is taken for an hour.
    [InlineData(1, 25, 1, "2026-03-01T00:01:00Z", "2026-03-02")]
    public void DayReached_AtARate_IsTheDayOfThisMonth(double used, double limit, double recently, string now, string? day) =>
        Assert.Equal(day is null ? null : DateOnly.Parse(day, CultureInfo.InvariantCulture), UsageForecast.DayReached(used, limit, recently, DateTimeOffset.Parse(now, CultureInfo.InvariantCulture)));
}
