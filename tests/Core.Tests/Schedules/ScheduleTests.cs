using Headgate.Core.Schedules;
using Xunit;

namespace Headgate.Core.Tests.Schedules;

public sealed class ScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Decide_BeforeItsTime_DoesNothing()
    {
        var schedule = Hourly();
        var state = schedule.Begin(Start);

        Assert.Equal(new ScheduleStep.Nothing(state), schedule.Decide(state, At(0, 59), isPreviousLive: false));
        Assert.Equal((At(1), At(1)), (schedule.NextFireAt(state), schedule.DueAt(state)));
    }

    [Fact]
    public void Decide_AtItsTime_FiresOnce()
    {
        var schedule = Hourly();

        var fire = Assert.IsType<ScheduleStep.Fire>(schedule.Decide(schedule.Begin(Start), At(1), isPreviousLive: false));
        var again = schedule.Decide(fire.After, At(1, 59), isPreviousLive: false);

        Assert.Equal((At(1), At(2)), (fire.At, fire.After.NextAt));
        Assert.IsType<ScheduleStep.Nothing>(again);
    }

    [Theory]
    [InlineData(CatchUpRule.Latest, 5, 30, "fire", 5)]
    [InlineData(CatchUpRule.None, 5, 30, "missed", 5)]
    [InlineData(CatchUpRule.None, 5, 1, "fire", 5)]
    [InlineData(CatchUpRule.None, 1, 2, "missed", 1)]
    public void Decide_AfterHoursAway_FiresTheLatestAtMost(CatchUpRule catchUp, int hour, int minute, string what, int at)
    {
        var schedule = Hourly(catchUp: catchUp);

        var step = schedule.Decide(schedule.Begin(Start), At(hour, minute), isPreviousLive: false);

        var (came, told) = step switch
        {
            ScheduleStep.Fire fire => (fire.At, "fire"),
            ScheduleStep.Skip skip => (skip.At, skip.Code),
            _ => (default, ""),
        };
        Assert.Equal((At(at), what), (came, told));
        Assert.Equal(At(hour + 1), step.After.NextAt);
    }

    [Fact]
    public void Decide_YearsAway_FindsTheLatestAtOnce()
    {
        var schedule = new Schedule(new Scanned(new PeriodicOccurrences(Start, TimeSpan.FromMinutes(1))), 0, OverlapRule.Skip, CatchUpRule.Latest, "s");

        var fire = Assert.IsType<ScheduleStep.Fire>(schedule.Decide(schedule.Begin(Start), Start.AddDays(3660).AddSeconds(30), isPreviousLive: false));

        Assert.Equal(Start.AddDays(3660), fire.At);
    }

    [Fact]
    public void Decide_PreviousRunLives_SkipLeavesItOut()
    {
        var schedule = Hourly();

        var skip = Assert.IsType<ScheduleStep.Skip>(schedule.Decide(schedule.Begin(Start), At(1), isPreviousLive: true));

        Assert.Equal(ScheduleStep.OverlapCode, skip.Code);
        Assert.IsType<ScheduleStep.Nothing>(schedule.Decide(skip.After, At(1, 30), isPreviousLive: false));
    }

    [Theory]
    [InlineData(OverlapRule.Queue, CatchUpRule.Latest, false)]
    [InlineData(OverlapRule.Queue, CatchUpRule.None, false)]
    [InlineData(OverlapRule.CancelPrevious, CatchUpRule.Latest, true)]
    public void Decide_PreviousRunLives_TheOtherRulesWaitForItsEnd(OverlapRule overlap, CatchUpRule catchUp, bool cancels)
    {
        var schedule = Hourly(overlap, catchUp);

        var wait = Assert.IsType<ScheduleStep.Wait>(schedule.Decide(schedule.Begin(Start), At(1), isPreviousLive: true));
        var still = Assert.IsType<ScheduleStep.Wait>(schedule.Decide(wait.After, At(1, 40), isPreviousLive: true));
        var fire = Assert.IsType<ScheduleStep.Fire>(schedule.Decide(still.After, At(1, 45), isPreviousLive: false));

        Assert.Equal((At(1), cancels, At(1)), (wait.At, wait.CancelsPrevious, schedule.DueAt(wait.After)));
        Assert.Equal(wait.After, still.After);
        Assert.Equal((At(1), At(2), (DateTimeOffset?)null), (fire.At, fire.After.NextAt, fire.After.WaitingAt));
    }

    [Fact]
    public void Decide_SeveralComeWhileOneWaits_TheLatestIsFired()
    {
        var schedule = Hourly(OverlapRule.Queue);

        var wait = schedule.Decide(schedule.Begin(Start), At(1), isPreviousLive: true);
        var later = Assert.IsType<ScheduleStep.Wait>(schedule.Decide(wait.After, At(2), isPreviousLive: true));
        var fire = Assert.IsType<ScheduleStep.Fire>(schedule.Decide(later.After, At(3, 10), isPreviousLive: false));

        Assert.Equal(At(3), fire.At);
        Assert.IsType<ScheduleStep.Nothing>(schedule.Decide(fire.After, At(3, 20), isPreviousLive: false));
    }

    [Fact]
    public void Decide_ClockSetBackAfterAFire_FiresNothingTwice()
    {
        var schedule = Hourly();
        var fire = schedule.Decide(schedule.Begin(Start), At(1), isPreviousLive: false);

        foreach (var now in new[] { At(0, 10), At(1), At(1, 30) })
            Assert.IsType<ScheduleStep.Nothing>(schedule.Decide(fire.After, now, isPreviousLive: false));
        Assert.Equal(At(2), Assert.IsType<ScheduleStep.Fire>(schedule.Decide(fire.After, At(2), isPreviousLive: false)).At);
    }

    [Fact]
    public void Decide_ClockAYearAheadAndBack_GoesOnWhereItWas()
    {
        var schedule = Hourly();
        var state = schedule.Decide(schedule.Begin(Start), At(1), isPreviousLive: false).After;
        var ahead = Assert.IsType<ScheduleStep.Fire>(schedule.Decide(state, At(1, 30).AddDays(365), isPreviousLive: false));

        state = Schedule.Reopened(ahead.After, At(1, 40));
        var next = Assert.IsType<ScheduleStep.Fire>(schedule.Decide(state, At(2), isPreviousLive: false));

        Assert.Equal((At(2), At(2)), (state.NextAt, next.At));
        // A year later what was fired ahead does not come again.
        var last = schedule.Decide(next.After, ahead.At.AddMinutes(59), isPreviousLive: false);
        Assert.Equal(ahead.At.AddHours(-1), Assert.IsType<ScheduleStep.Fire>(last).At);
        Assert.Equal(ahead.At.AddHours(1), last.After.NextAt);
    }

    [Fact]
    public void Decide_PassesOverSomeMoreWhileTheClockIsAhead_GoesOnWhereItWas()
    {
        var schedule = Hourly();
        var state = schedule.Decide(schedule.Begin(Start), At(1), isPreviousLive: false).After;
        state = schedule.Decide(state, At(1, 30).AddDays(365), isPreviousLive: false).After;
        state = schedule.Decide(state, At(4, 30).AddDays(365), isPreviousLive: false).After;

        Assert.Equal(At(2), Schedule.Reopened(state, At(1, 40)).NextAt);
    }

    [Fact]
    public void Decide_ClockAheadAfterAMonthAway_GoesOnWhereItWasBeforeTheJump()
    {
        var schedule = Hourly();
        var (state, now) = (schedule.Begin(Start), At(1).AddDays(30));
        for (; now < At(2).AddDays(32); now = now.AddHours(1))
            state = schedule.Decide(state, now, isPreviousLive: false).After;
        state = schedule.Decide(state, now.AddHours(5), isPreviousLive: false).After;

        Assert.Equal(now, Schedule.Reopened(state, now.AddMinutes(-30)).NextAt);
    }

    /// <summary>Any sequence of looks, jumps of the clock and runs that overlap: no occurrence is fired twice, and none before its time.</summary>
    [Fact]
    public void Decide_AnySequenceOfClocks_FiresNoOccurrenceTwice()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var schedule = new Schedule(
                new PeriodicOccurrences(Start, TimeSpan.FromMinutes(random.Next(1, 90))),
                random.Next(3) == 0 ? random.Next(3600) : 0,
                (OverlapRule)random.Next(3),
                (CatchUpRule)random.Next(2),
                $"s{seed}");
            var (state, now, fired) = (schedule.Begin(Start), Start, new HashSet<DateTimeOffset>());
            for (var look = 0; look < 60; look++)
            {
                now += random.Next(8) == 0 ? TimeSpan.FromHours(random.Next(-300, 300)) : TimeSpan.FromSeconds(random.Next(0, 3000));
                var step = schedule.Decide(state, now, isPreviousLive: random.Next(3) == 0);
                if (step is ScheduleStep.Fire fire)
                {
                    Assert.True(fired.Add(fire.At), $"seed {seed}: {fire.At:O} was fired twice");
                    Assert.True(state.WaitingAt == fire.At || schedule.FireAt(fire.At) <= now, $"seed {seed}: {fire.At:O} was fired before its time");
                }

                state = step.After;
            }
        }
    }

    /// <summary>Looked at each second, on a clock that nobody sets, every occurrence is fired, each at its time.</summary>
    [Fact]
    public void Decide_LookedAtOften_FiresEveryOccurrence()
    {
        var schedule = new Schedule(new PeriodicOccurrences(Start, TimeSpan.FromMinutes(1)), 3600, OverlapRule.Skip, CatchUpRule.None, "s");
        var (state, fired) = (schedule.Begin(Start), new List<DateTimeOffset>());
        for (var now = Start; now < Start.AddHours(3); now += TimeSpan.FromSeconds(1))
        {
            var step = schedule.Decide(state, now, isPreviousLive: false);
            if (step is ScheduleStep.Fire fire)
                fired.Add(fire.At);
            state = step.After;
        }

        Assert.Equal(Enumerable.Range(1, 178).Select(minute => Start.AddMinutes(minute)), fired.Take(178));
    }

    [Fact]
    public void FireAt_WithJitter_IsTheSameEachTimeAndInsideItsBounds()
    {
        var (one, other) = (Hourly(jitter: 600), Hourly(jitter: 600, seed: "other"));
        var seen = Enumerable.Range(1, 1000).Select(hour => (Delay: (one.FireAt(At(hour)) - At(hour)).TotalSeconds, Other: (other.FireAt(At(hour)) - At(hour)).TotalSeconds)).ToList();

        Assert.All(seen, delay => Assert.InRange(delay.Delay, 0, 600));
        Assert.InRange(seen.Average(delay => delay.Delay), 250, 350);
        Assert.True(seen.Max(delay => delay.Delay) - seen.Min(delay => delay.Delay) > 500);
        Assert.Equal(one.FireAt(At(7)), Hourly(jitter: 600).FireAt(At(7)));
        Assert.True(seen.Count(delay => Math.Abs(delay.Delay - delay.Other) < 1) < 20);
    }

    [Fact]
    public void FireAt_MoreJitterThanThereIsRoom_StaysBeforeTheNext()
    {
        var schedule = new Schedule(new PeriodicOccurrences(Start, TimeSpan.FromMinutes(1)), 3600, OverlapRule.Skip, CatchUpRule.Latest, "s");

        Assert.All(Enumerable.Range(1, 1000), minute => Assert.True(schedule.FireAt(Start.AddMinutes(minute)) < Start.AddMinutes(minute + 1)));
    }

    [Fact]
    public void Periodic_LastAndAfter_AgreeWithAScan()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var periodic = new PeriodicOccurrences(Start, TimeSpan.FromSeconds(random.Next(60, 90_000)));
            var from = Start.AddSeconds(random.Next(-100_000, 1_000_000));
            var until = from.AddSeconds(random.Next(0, 1_000_000));

            Assert.Equal(new Scanned(periodic).Last(from, until), periodic.Last(from, until));
        }
    }

    private static DateTimeOffset At(int hour, int minute = 0) => Start.AddHours(hour).AddMinutes(minute);

    private static Schedule Hourly(OverlapRule overlap = OverlapRule.Skip, CatchUpRule catchUp = CatchUpRule.Latest, int jitter = 0, string seed = "acme/s") =>
        new(new PeriodicOccurrences(Start, TimeSpan.FromHours(1)), jitter, overlap, catchUp, seed);

    /// <summary>Occurrences that can only be asked for the next one.</summary>
    private sealed class Scanned(Occurrences inner) : Occurrences
    {
        public override DateTimeOffset? After(DateTimeOffset instant) => inner.After(instant);
    }
}
