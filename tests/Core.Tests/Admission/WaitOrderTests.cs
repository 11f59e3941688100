using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Admission;
using Headgate.Core.Plans;
using Headgate.Core.Runs;

namespace Headgate.Core.Tests.Admission;

public sealed class WaitOrderTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero);

    private static readonly WaitingRun[] Waiting =
    [
        new(1, "low", TaskPriority.Low, Now),
        new(2, "normal", TaskPriority.Normal, Now.AddSeconds(10)),
        new(3, "high", TaskPriority.High, Now.AddSeconds(20)),
        new(4, "low-2", TaskPriority.Low, Now.AddSeconds(30)),
        new(5, "high-2", TaskPriority.High, Now.AddSeconds(40)),
    ];

    [Theory]
    [InlineData(null, "high, high-2, normal, low, low-2")]
    [InlineData(100.0, "high, high-2, normal, low, low-2")]
    [InlineData(4.0, "high, normal, low, high-2, low-2")]
    [InlineData(0.0, "low, normal, high, low-2, high-2")]
    public void First_MeanWait_HowManyOfThemMakeUpForPriority(double? mean, string expected) =>
        Assert.Equal(expected, string.Join(", ", WaitOrder.First(Waiting, mean, 10).Select(run => run.RunId)));

    [Fact]
    public void First_ClockSetBackInsideAPriority_KeepsTheOrderOfPlaces()
    {
        WaitingRun[] waiting = [new(1, "a", TaskPriority.Normal, Now), new(2, "b", TaskPriority.Normal, Now.AddHours(-1))];

        Assert.Equal(["a", "b"], WaitOrder.First(waiting, 1, 2).Select(run => run.RunId));
    }

    [Fact]
    public void PositionOf_Run_IsItsPlaceInThatOrder()
    {
        Assert.Equal(2, WaitOrder.PositionOf("high-2", Waiting, null));
        Assert.Null(WaitOrder.PositionOf("gone", Waiting, null));
    }

    /// <summary>Under any load that a queue can bear, and at any mix of priorities, none waits for more than ten times the mean.</summary>
    [Fact]
    public void First_AnyTraffic_LowStartsWithinTenMeanWaits() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(200),
            Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), Gen.Choose(1, 8).ToArbitrary(), Gen.Choose(2, 40).ToArbitrary(), AllStartInTime));

    private static bool AllStartInTime(int seed, int lowPercent, int room)
    {
        var chance = new Random(seed);
        var ledger = Ledger.Open("free", new LimitOverrides(MaxWaitingRuns: room, MaxMonthlyRuns: int.MaxValue), Now) with { InFlight = 1, AverageRunSeconds = 10 };
        var (waiting, waits, now) = (new List<WaitingRun>(), new List<(TaskPriority Priority, double Seconds)>(), Now);
        // One slot, whose run ends each ten seconds. The queue is kept full, mostly by those that go first.
        for (var round = 0; round < 4_000; round++)
        {
            while (waiting.Count < room)
            {
                var priority = chance.Next(100) < lowPercent ? TaskPriority.Low : chance.Next(2) == 0 ? TaskPriority.Normal : TaskPriority.High;
                waiting.Add(new WaitingRun(++seed & int.MaxValue, "run", priority, now));
                ledger = ledger with { WaitingRuns = waiting.Count };
            }

            now += TimeSpan.FromSeconds(5 + (10 * chance.NextDouble()));
            var next = WaitOrder.First(waiting, WaitOrder.MeanWaitSeconds(ledger, now), 1)[0];
            waiting.Remove(next);
            ledger = AdmissionGate.StartWaiting(ledger with { InFlight = 0 }, next, now);
            waits.Add((next.Priority, (now - next.Since).TotalSeconds));
        }

        waits.AddRange(waiting.Select(run => (run.Priority, (now - run.Since).TotalSeconds)));
        var mean = waits.Average(wait => wait.Seconds);
        Assert.All(waits, wait => Assert.True(wait.Seconds <= 10 * mean, $"{wait.Priority} waited {wait.Seconds:F0} s, mean {mean:F0} s, room {room}, low {lowPercent} %"));
        return true;
    }
}
