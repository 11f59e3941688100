using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Alerts;

namespace Headgate.Core.Tests.Alerts;

public sealed class AlertEvaluationTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly AlertRule Depth = new("depth", AlertAggregation.Greatest, 100, 80, 1, 5);
    private static readonly AlertRule Once = new("once", AlertAggregation.Growth, 0, 0, 15, 15);
    private static readonly AlertRule Windows = new("windows", AlertAggregation.Growth, 50, 25, 5, 15);

    /// <summary>A letter a minute: what the alert is after it.</summary>
    [Theory]
    [InlineData("0 0 101 101 101 101 101", "ooppppf")]
    [InlineData("101 101 101 101 100 101", "ppppop")]
    [InlineData("100 100 100 100 100 100", "oooooo")]
    [InlineData("101 101 101 101 101 90 90 90 90", "ppppfffff")]
    [InlineData("101 101 101 101 101 80 80 80", "ppppfffr")]
    [InlineData("101 101 101 101 101 80 80 90 80 80 80", "ppppffffffr")]
    [InlineData("101 101 101 101 101 0 0 0 101 101", "ppppfffrpp")]
    [InlineData("101 101 101 101 101 0 0 0 0 0 0 0 0", "ppppfffrrrrro")]
    [InlineData("101 - 101 - 101", "ppppf")]
    [InlineData("- - - 101 101 101 101 101", "oooppppf")]
    [InlineData("101 101 101 101 101 - - - -", "ppppfffff")]
    public void Next_MinutesOfAGauge_MovesAsTheyPassTheBounds(string minutes, string expected) => Assert.Equal(expected, States(Depth, minutes));

    [Theory]
    [InlineData("0 0 1 0 0", "oofff")]
    [InlineData("1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0", "fffffffffffffffr")]
    public void Next_OneWindowForTheWholeTime_FiresWithTheFirst(string minutes, string expected) => Assert.Equal(expected, States(Once, minutes));

    [Fact]
    public void Next_CounterInOneWindowOnly_NeverFires() =>
        Assert.DoesNotContain('f', States(Windows, string.Join(' ', Enumerable.Repeat("0", 15).Concat(Enumerable.Repeat("60", 5)).Concat(Enumerable.Repeat("0", 30)))));

    [Fact]
    public void Next_CounterInEveryWindow_Fires() =>
        Assert.EndsWith("f", States(Windows, string.Join(' ', Enumerable.Repeat("0", 15).Concat(Enumerable.Repeat("11", 15)))), StringComparison.Ordinal);

    [Theory]
    [InlineData(NoDataRule.Keep, "oooooooooo", "ffffff")]
    [InlineData(NoDataRule.Clear, "oooooooooo", "rrrrro")]
    [InlineData(NoDataRule.Fire, "ppppffffff", "ffffff")]
    public void Next_NothingMeasured_IsWhatTheRuleSays(NoDataRule rule, string fromWell, string afterFiring)
    {
        var status = AlertStatus.Well;
        var seen = "";
        for (var minute = 0; minute < 10; minute++)
            seen += Letter(status = AlertEvaluation.Next(status, Depth with { NoData = rule }, new AlertSeries(Depth).Samples(minute), Start.AddMinutes(minute)));
        Assert.Equal(fromWell, seen);

        var firing = AlertStatus.Well with { State = AlertState.Firing, Since = Start };
        seen = "";
        for (var minute = 0; minute < 6; minute++)
            seen += Letter(firing = AlertEvaluation.Next(firing, Depth with { NoData = rule }, new AlertSeries(Depth).Samples(minute), Start.AddMinutes(minute)));
        Assert.Equal(afterFiring, seen);
    }

    [Fact]
    public void Next_ClockSetBackWhilePending_CountsAnew()
    {
        var pending = AlertStatus.Well with { State = AlertState.Pending, Since = Start.AddHours(1) };
        var series = new AlertSeries(Depth);
        for (var minute = 0; minute < 5; minute++)
            series.Add(AlertSeries.MinuteOf(Start) + minute, [500]);

        var next = AlertEvaluation.Next(pending, Depth, series.Samples(AlertSeries.MinuteOf(Start)), Start);

        Assert.Equal((AlertState.Pending, Start), (next.State, next.Since));
    }

    [Fact]
    public void Next_AnyMinutes_FiresOnlyIfEverySampleOfTheTimePasses() =>
        Prop.ForAll(Gen.Elements<int?>(0, 80, 90, 100, 101, 500, null).ListOf(40).ToArbitrary(), minutes =>
        {
            var status = AlertStatus.Well;
            var series = new AlertSeries(Depth);
            for (var i = 0; i < minutes.Count; i++)
            {
                if (minutes[i] is { } value)
                    series.Add(i, [value]);
                var before = status;
                status = AlertEvaluation.Next(before, Depth, series.Samples(i), Start.AddMinutes(i));
                var lately = minutes.Take(i + 1).TakeLast(5).ToList();
                if (status.State == AlertState.Firing && before.State != AlertState.Firing && (lately.Count < 5 || lately.Any(each => each <= 100) || lately.Count(each => each > 100) < 3))
                    return false;
                if (before.State == AlertState.Firing && status.State != AlertState.Firing && lately.TakeLast(3).Any(each => each > 80))
                    return false;
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Tell_EachTransition_Once()
    {
        var told = new List<AlertState>();
        var status = AlertStatus.Well;
        foreach (var state in new[] { AlertState.Pending, AlertState.Firing, AlertState.Firing, AlertState.Resolved, AlertState.Pending, AlertState.Firing, AlertState.Resolved, AlertState.Ok })
        {
            (var news, status) = AlertEvaluation.Tell(status with { State = state }, Start);
            if (news is { } known)
                told.Add(known);
        }

        Assert.Equal([AlertState.Firing, AlertState.Resolved, AlertState.Firing, AlertState.Resolved], told);
    }

    [Fact]
    public void Tell_Silenced_NothingUntilTheSilenceEnds()
    {
        var status = AlertStatus.Well with { State = AlertState.Firing, SilencedUntil = Start.AddHours(1) };

        Assert.Equal((null, status), AlertEvaluation.Tell(status, Start));
        Assert.Equal((AlertState.Firing, status with { IsTold = true }), AlertEvaluation.Tell(status, Start.AddHours(1)));
    }

    [Fact]
    public void Tell_FiredAndOverWithinTheSilence_Nothing()
    {
        var status = AlertStatus.Well with { State = AlertState.Resolved, SilencedUntil = Start.AddHours(1) };

        Assert.Null(AlertEvaluation.Tell(status, Start.AddHours(2)).News);
    }

    private static string States(AlertRule rule, string minutes)
    {
        var (status, series, states) = (AlertStatus.Well, new AlertSeries(rule), "");
        foreach (var (i, text) in minutes.Split(' ').Index())
        {
            if (text != "-")
                series.Add(i, [double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)]);
            states += Letter(status = AlertEvaluation.Next(status, rule, series.Samples(i), Start.AddMinutes(i)));
        }

        return states;
    }

    private static char Letter(AlertStatus status) => status.State.WireName()[0];
}
