using Headgate.Core.Agents;

namespace Headgate.Core.Tests.Agents;

public sealed class SessionHoldTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly SessionRules Rules = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30));
    private static readonly SessionHold Held = new("one", IsFenced: true);

    [Theory]
    [InlineData(10, 30, 3)]
    [InlineData(15, 30, 3)]
    [InlineData(1, 30, 16)]
    [InlineData(1, 6, 4)]
    public void BeatsToTakeOver_OfAnyTimes_SpanTwoIntervalsOrHalfALease(int heartbeat, int lease, int beats) =>
        Assert.Equal(beats, new SessionRules(TimeSpan.FromSeconds(heartbeat), TimeSpan.FromSeconds(lease)).BeatsToTakeOver);

    [Theory]
    [InlineData(null)]
    [InlineData("two")]
    public void Beat_OfAnotherWhileTheHolderBeats_IsRefusedForEver(string? other)
    {
        var hold = Held;
        for (var beat = 0; beat < 100; beat++)
        {
            var now = Now.AddSeconds(10 * beat);
            hold = Assert.IsType<SessionDecision.InUse>(Beat(hold, other, now)).Hold;
            hold = Holds(Beat(hold, "one", now.AddSeconds(5))).Hold;
        }

        Assert.Equal("one", hold.Session);
    }

    [Fact]
    public void Beat_OfAnotherOnceTheHolderIsSilent_TakesOverBeforeItsLeaseEnds()
    {
        var (hold, now) = (Held, Now);
        SessionDecision decision;
        while ((decision = Beat(hold, "two", now)) is SessionDecision.InUse refused)
            (hold, now) = (refused.Hold, now.AddSeconds(10));

        Assert.Equal(20, (now - Now).TotalSeconds);
        Assert.True(Holds(decision).WasSilent);
        Assert.Equal(new SessionHold("two", IsFenced: true), decision.Hold);
    }

    [Fact]
    public void Beat_OfSeveralOthersInTurn_OneTakesOverFromTheSilentHolder()
    {
        var (hold, now, beats) = (Held, Now, 0);
        while (Beat(hold, $"other{++beats % 2}", now) is SessionDecision.InUse refused)
            (hold, now) = (refused.Hold, now.AddSeconds(8));

        Assert.Equal(3, beats);
    }

    [Fact]
    public void Beat_OfAnotherThatIsRefused_IsNewsOnceALease()
    {
        var first = Assert.IsType<SessionDecision.InUse>(Beat(Held, "two", Now));
        var soon = Assert.IsType<SessionDecision.InUse>(Beat(first.Hold, "two", Now.AddSeconds(9)));
        var later = Assert.IsType<SessionDecision.InUse>(Beat(first.Hold, "two", Now + Rules.Lease));

        Assert.Equal((true, false, true), (first.IsNews, soon.IsNews, later.IsNews));
    }

    [Fact]
    public void Beat_OfAnotherThatDoesNotWait_CountsOnceAnInterval()
    {
        var hold = Held;
        for (var beat = 0; beat < 1000; beat++)
            hold = Assert.IsType<SessionDecision.InUse>(Beat(hold, "two", Now.AddMilliseconds(beat * 7))).Hold;

        Assert.Equal(1, hold.RivalBeats);
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    public void Beat_OfAnotherAfterTheClockWasSet_IsRefusedTwiceThenTakesOver(int seconds)
    {
        var hold = Assert.IsType<SessionDecision.InUse>(Beat(Held, "two", Now)).Hold;

        hold = Assert.IsType<SessionDecision.InUse>(Beat(hold, "two", Now.AddSeconds(seconds))).Hold;

        Holds(Beat(hold, "two", Now.AddSeconds(seconds + 10)));
    }

    [Theory]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    [InlineData(false, false, false)]
    public void Beat_OfAnotherWhenTheHolderEndedOrIsOverOrUnfenced_TakesOverAtOnce(bool isFenced, bool hasEnded, bool isOver)
    {
        var holds = Holds(new SessionHold("one", isFenced, hasEnded).Beat("two", isFenced: true, ends: false, isOver, Rules, Now));

        Assert.True(holds.IsNew);
        Assert.False(holds.WasSilent);
        Assert.Equal(new SessionHold("two", IsFenced: true), holds.Hold);
    }

    [Fact]
    public void Beat_OfTheHolderAfterItsEnd_DoesNotReviveIt() =>
        Assert.True(Holds(Beat(Held with { HasEnded = true }, "one", Now)).Hold.HasEnded);

    [Fact]
    public void Beat_WithoutASessionAfterItsEnd_StartsAnew() =>
        Assert.False(Holds(Beat(new SessionHold(HasEnded: true), null, Now)).Hold.HasEnded);

    [Theory]
    [InlineData("one", true)]
    [InlineData("two", false)]
    [InlineData(null, false)]
    public void AllowsClaimOf_FencedHolder_OnlyItsSession(string? session, bool allowed) => Assert.Equal(allowed, Held.AllowsClaimOf(session));

    [Theory]
    [InlineData("one", false)]
    [InlineData("two", false)]
    [InlineData(null, true)]
    public void AllowsClaimOf_EndedHolder_OnlyWithoutASession(string? session, bool allowed) => Assert.Equal(allowed, (Held with { HasEnded = true }).AllowsClaimOf(session));

    [Theory]
    [InlineData("one", true)]
    [InlineData("two", false)]
    [InlineData(null, true)]
    public void AllowsClaimOf_UnfencedHolder_AlsoWithoutASession(string? session, bool allowed) => Assert.Equal(allowed, new SessionHold("one").AllowsClaimOf(session));

    private static SessionDecision Beat(SessionHold hold, string? session, DateTimeOffset now) =>
        hold.Beat(session, isFenced: session is not null, ends: false, isOver: false, Rules, now);

    private static SessionDecision.Holds Holds(SessionDecision decision) => Assert.IsType<SessionDecision.Holds>(decision);
}
