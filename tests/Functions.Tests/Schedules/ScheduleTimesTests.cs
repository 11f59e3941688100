using Headgate.Core.Schedules;
using Headgate.Functions.Schedules;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Schedules;
using Xunit;

namespace Headgate.Functions.Tests.Schedules;

/// <summary>Cron in time zones, by the instants at which it comes.</summary>
public sealed class ScheduleTimesTests
{
    [Theory]
    // The clocks of Berlin go forward over 02:30 on 2026-03-29, and back over it on 2026-10-25.
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-03-27T12:00Z", "2026-03-28T01:30Z 2026-03-29T01:00Z 2026-03-30T00:30Z")]
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", "2026-10-25T00:30Z 2026-10-26T01:30Z")]
    [InlineData("*/30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", "2026-10-25T00:00Z 2026-10-25T00:30Z 2026-10-25T01:00Z 2026-10-25T01:30Z 2026-10-26T01:00Z")]
    [InlineData("0 12 * * *", "Europe/Berlin", "2026-03-28T00:00Z", "2026-03-28T11:00Z 2026-03-29T10:00Z")]
    // South of the equator it is the other way round, and by half an hour on Lord Howe.
    [InlineData("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00Z", "2026-10-03T15:30Z 2026-10-04T15:15Z")]
    [InlineData("0 0 29 2 *", "UTC", "2026-01-01T00:00Z", "2028-02-29T00:00Z 2032-02-29T00:00Z")]
    [InlineData("0 0 29 2 *", "Pacific/Auckland", "2097-01-01T00:00Z", "2104-02-28T11:00Z")]
    [InlineData("0 0 31 * *", "UTC", "2026-04-01T00:00Z", "2026-05-31T00:00Z 2026-07-31T00:00Z")]
    public void Occurrences_OfCron_AreTheseInstants(string cron, string zone, string from, string expected)
    {
        var schedule = ScheduleTimes.Of("acme", "s", new ScheduleDefinition(cron, null, zone, 0, OverlapRule.Skip, CatchUpRule.Latest, true, new RunDefinition("", "", null, [])), default);

        var (state, seen) = (schedule.Begin(Time(from)), new List<DateTimeOffset>());
        foreach (var _ in expected.Split(' '))
        {
            seen.Add(state.NextAt!.Value);
            state = schedule.Decide(state, state.NextAt.Value, isPreviousLive: false).After;
        }

        Assert.Equal(expected.Split(' ').Select(Time), seen);
    }

    [Theory]
    [InlineData("UTC", true)]
    [InlineData("Europe/Berlin", true)]
    [InlineData("America/Argentina/Buenos_Aires", true)]
    [InlineData("Etc/GMT+5", true)]
    [InlineData("Europe/Atlantis", false)]
    [InlineData("europe/berlin", false)]
    [InlineData("posix/Europe/Berlin", false)]
    [InlineData("../../etc/passwd", false)]
    [InlineData("Europe/../Europe/Berlin", false)]
    [InlineData("/usr/share/zoneinfo/UTC", false)]
    [InlineData("", false)]
    public void TryFindZone_Id_IsOneOfTheIana(string id, bool isOne) => Assert.Equal(isOne, ScheduleTimes.TryFindZone(id, out _));

    [Theory]
    [InlineData("* * * * *", null)]
    [InlineData("0 0 L * *", null)]
    [InlineData("0 0 30 2 *", "never comes")]
    [InlineData("* * * * * *", "must be 5 fields")]
    [InlineData("60 * * * *", "must be 5 fields")]
    [InlineData("@reboot", "must be 5 fields")]
    [InlineData("@every_second", "must be 5 fields")]
    [InlineData(" @daily", "must be 5 fields")]
    public void ProblemOf_Cron_SaysWhatIsWrong(string cron, string? begins)
    {
        var problem = ScheduleTimes.ProblemOf(cron, Time("2026-01-01T00:00Z"));

        Assert.True(begins is null ? problem is null : problem!.StartsWith(begins, StringComparison.Ordinal), problem);
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
