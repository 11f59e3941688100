using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Admission;
using Headgate.Core.Metering;
using Headgate.Core.Plans;
using Headgate.Core.Runs;

namespace Headgate.Core.Tests.Metering;

/// <summary>What a ledger's transitions add up to, against a plain count of the same transitions, over the ends of months, of a leap February and of years.</summary>
public sealed class UsageProperties
{
    private static readonly DateTimeOffset[] Starts =
    [
        new(2028, 2, 27, 20, 0, 0, TimeSpan.Zero),
        new(2027, 2, 27, 20, 0, 0, TimeSpan.Zero),
        new(2027, 12, 30, 1, 30, 0, TimeSpan.FromHours(13)),
    ];

    public enum Move
    {
        Submit,
        Complete,
        Fail,
        Cancel,
        HourPasses,
        DayPasses,
        TwoWeeksPass,
        ClockGoesBack,
    }

    private static readonly Gen<Move[]> Sequences = Gen.Frequency(
        (6, Gen.Constant(Move.Submit)),
        (4, Gen.Elements(Move.Complete, Move.Fail, Move.Cancel)),
        (6, Gen.Elements(Move.HourPasses, Move.DayPasses)),
        (1, Gen.Elements(Move.TwoWeeksPass, Move.ClockGoesBack))).ArrayOf();

    [Fact]
    public void Of_AnyTransitions_AddsUpToThem() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(400).WithEndSize(150), Prop.ForAll(Sequences.ToArbitrary(), Gen.Elements(Starts).ToArbitrary(), AddsUp));

    private static bool AddsUp(Move[] moves, DateTimeOffset start)
    {
        var play = new Play(start);
        foreach (var move in moves)
            play.Make(move);

        var pieces = play.Pieces().ToList();
        Assert.Equal(pieces.Count, pieces.Select(piece => piece.Number).Distinct().Count());
        var months = play.Touched.Select(MonthUsage.MonthOf).Distinct();
        foreach (var month in months)
        {
            var used = MonthUsage.Of(month, pieces, UsagePiece.DayOf(start), UsagePiece.DayOf(play.Now), play.Ledger.InFlight);
            var shuffled = MonthUsage.Of(month, Enumerable.Reverse(pieces), UsagePiece.DayOf(start), UsagePiece.DayOf(play.Now), play.Ledger.InFlight);

            Assert.Equal(used.Days, shuffled.Days);
            Assert.Equal(used.Total, used.Days.Aggregate(UsageCounts.None, static (sum, day) => sum + day.Counts));
            Assert.Equal(play.CountedIn(month) with { PeakInFlight = 0 }, used.Total with { PeakInFlight = 0 });
            Assert.All(used.Days, day => Assert.Equal(month, MonthUsage.MonthOf(day.Day)));
            Assert.All(play.Peaks, peak => Assert.True(
                MonthUsage.MonthOf(peak.Key) != month || used.Days.Single(day => day.Day == peak.Key).Counts.PeakInFlight == peak.Value, $"peak of {peak.Key}"));
        }

        Assert.Equal(play.Ledger.RunsInMonthOf(play.Now), play.CountedIn(MonthUsage.MonthOf(UsagePiece.DayOf(play.Now))).Accepted);
        return true;
    }

    [Theory]
    [InlineData("2028-02-29T23:59:59.999Z", "2028-02-29")]
    [InlineData("2028-03-01T00:00:00Z", "2028-03-01")]
    [InlineData("2027-03-01T01:00:00+02:00", "2027-02-28")]
    [InlineData("2027-12-31T23:30:00-01:00", "2028-01-01")]
    public void DayOf_AnyOffset_IsUtcs(string at, string day) =>
        Assert.Equal(DateOnly.Parse(day, null), UsagePiece.DayOf(DateTimeOffset.Parse(at, null)));

    [Fact]
    public void Of_DaysWithoutChange_KeepWhatWasInFlight()
    {
        var at = new DateTimeOffset(2028, 2, 27, 12, 0, 0, TimeSpan.Zero);
        var two = Submit(Submit(Ledger.Open("enterprise", new(), at), at), at);
        var open = two.Usage!;
        var after = AdmissionGate.Release(two, at, UsageCounts.None, at.AddDays(3));

        var february = MonthUsage.Of(new(2028, 2, 1), [open, after.Usage!], new(2028, 2, 27), new(2028, 3, 2), after.InFlight);
        var march = MonthUsage.Of(new(2028, 3, 1), [open, after.Usage!], new(2028, 2, 27), new(2028, 3, 3), after.InFlight);

        Assert.Equal([(new(2028, 2, 27), 2), (new(2028, 2, 28), 2), (new DateOnly(2028, 2, 29), 2)], february.Days.Select(day => (day.Day, day.Counts.PeakInFlight)));
        Assert.Equal([(new(2028, 3, 1), 2), (new(2028, 3, 2), 1), (new DateOnly(2028, 3, 3), 1)], march.Days.Select(day => (day.Day, day.Counts.PeakInFlight)));
    }

    [Theory]
    [InlineData("2026-02", true)]
    [InlineData("2026-13", false)]
    [InlineData("2026-00", false)]
    [InlineData("0000-01", false)]
    [InlineData("2026-2", false)]
    [InlineData("2026-02-01", false)]
    [InlineData("٢٠٢٦-٠٢", false)]
    [InlineData(" 2026-0", false)]
    [InlineData("", false)]
    public void Parse_Text_IsAMonthOrNothing(string text, bool isMonth) => Assert.Equal(isMonth, MonthUsage.Parse(text) is not null);

    private static Ledger Submit(Ledger ledger, DateTimeOffset now) => Assert.IsType<AdmissionDecision.Admitted>(AdmissionGate.Decide(ledger, now)).After;

    private sealed class Play(DateTimeOffset start)
    {
        private readonly List<UsagePiece> _closed = [];
        private readonly Dictionary<DateOnly, UsageCounts> _counted = [];

        public Ledger Ledger { get; private set; } = Ledger.Open("enterprise", new LimitOverrides(6, 1000), start);

        public DateTimeOffset Now { get; private set; } = start;

        public Dictionary<DateOnly, int> Peaks { get; } = [];

        public HashSet<DateOnly> Touched { get; } = [UsagePiece.DayOf(start)];

        public List<UsagePiece> Pieces() => Ledger.Usage is { } open ? [.. _closed, open] : _closed;

        public UsageCounts CountedIn(DateOnly month) =>
            _counted.Where(day => MonthUsage.MonthOf(day.Key) == month).Aggregate(UsageCounts.None, static (sum, day) => sum + day.Value);

        public void Make(Move move)
        {
            Now = move switch
            {
                Move.HourPasses => Now.AddHours(1),
                Move.DayPasses => Now.AddDays(1),
                Move.TwoWeeksPass => Now.AddDays(14),
                Move.ClockGoesBack => Now.AddHours(-3),
                _ => Now,
            };
            Touched.Add(UsagePiece.DayOf(Now));
            if (move == Move.Submit && AdmissionGate.Decide(Ledger, Now) is AdmissionDecision.Admitted admitted)
                Become(admitted.After, new UsageCounts(Accepted: 1));
            else if (move is Move.Complete or Move.Fail or Move.Cancel && Ledger.InFlight > 0)
                End(move == Move.Complete ? RunStatus.Completed : move == Move.Fail ? RunStatus.Failed : RunStatus.Cancelled);
        }

        private void End(RunStatus status)
        {
            var change = RunEnding.Of(status, []) with { Attempts = 2, AgentMilliseconds = 1500 };
            Become(AdmissionGate.Release(Ledger, Now, change, Now), change);
        }

        private void Become(Ledger after, UsageCounts change)
        {
            if (Ledger.Usage is { } before && after.Usage!.Number != before.Number)
                _closed.Add(before);
            var day = UsagePiece.DayOf(Now);
            _counted[day] = _counted.GetValueOrDefault(day, UsageCounts.None) + change;
            Peaks[day] = Math.Max(Peaks.GetValueOrDefault(day), Math.Max(Ledger.InFlight, after.InFlight));
            Ledger = after;
        }
    }
}
