using Headgate.Core.Metering;

namespace Headgate.Core.Tests.Metering;

public sealed class SlotHistoryTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_RunsThatCameAndWent_CountsThePeak()
    {
        var history = SlotHistory.Of(5, 1, [Taken(1, 2), Taken(2, 2), Given(3), Taken(4, 2), Given(5)]);

        Assert.Equal(new SlotHistory(5, At.AddSeconds(1), At.AddSeconds(5), 2, 0), history);
    }

    [Fact]
    public void Of_OneBeyondTheLimitOfThatInstant_IsCounted()
    {
        // The cap is lowered to one while two are in flight: that is no fault, but a third would be.
        Assert.Equal(0, SlotHistory.Of(3, 1, [Taken(1, 2), Taken(2, 2), Given(3)]).OverLimit);
        Assert.Equal(1, SlotHistory.Of(3, 3, [Taken(1, 2), Taken(2, 2), Taken(3, 1)]).OverLimit);
    }

    [Fact]
    public void Of_ClocksThatDiffer_GoesByTheTransitions()
    {
        // By its time the second run began before the first one ended.
        var history = SlotHistory.Of(3, 1, [Taken(1, 1), new(2, null, At.AddSeconds(9)), new(3, 1, At.AddSeconds(4))]);

        Assert.Equal((1, 0), (history.PeakInFlight, history.OverLimit));
    }

    [Fact]
    public void Of_ATransitionThatNobodyKnows_GoesNoFurther()
    {
        var history = SlotHistory.Of(5, 2, [Taken(1, 1), Taken(2, 9), Taken(4, 9), Given(5)]);

        Assert.Equal(new SlotHistory(2, At.AddSeconds(4), At.AddSeconds(5), 3, 0), history);
    }

    [Fact]
    public void Of_TransitionsSinceTheLedgerWasRead_AreLeftOut() =>
        Assert.Equal(new SlotHistory(1, At.AddSeconds(1), At.AddSeconds(1), 1, 0), SlotHistory.Of(1, 1, [Taken(2, 1), Taken(1, 1)]));

    [Fact]
    public void Of_Nothing_IsWhatIsInFlight() => Assert.Equal(new SlotHistory(0, null, null, 3, 0), SlotHistory.Of(7, 3, []));

    private static SlotMove Taken(long number, int limit) => new(number, limit, At.AddSeconds(number));

    private static SlotMove Given(long number) => new(number, null, At.AddSeconds(number));
}
