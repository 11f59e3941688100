using Headgate.Functions.Options;
using Headgate.Functions.Tasks.Desk;
using Headgate.TestKit;
using Xunit;

namespace Headgate.Functions.Tests.Tasks.Desk;

/// <summary>What is kept of an agent, and when it leaves.</summary>
public sealed class AgentDeskTests
{
    private static readonly HeadgateOptions Settings = new();
    private readonly ManualClock _clock = new();
    private readonly AgentDesk _desk;

    public AgentDeskTests() => _desk = new AgentDesk(Settings, _clock);

    [Fact]
    public async Task WaitForSlot_OtherAgentsSlotFreed_EndsWithItsTime()
    {
        var claim = WaitAsync();

        _desk.Free("other");
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False(await claim);
    }

    [Fact]
    public void Meet_AnEntryForADeadlineAlone_IsNoneThatRoundsLookAt()
    {
        var round = _desk.Rounds.Begin(TimeSpan.MaxValue);
        _desk.LookAfter("agent", TimeSpan.Zero);

        Assert.False(_desk.Rounds.Meet("agent", round));
        _desk.Seen("agent");
        Assert.True(_desk.Rounds.Meet("agent", round));
    }

    [Fact]
    public async Task WaitForSlot_FreedSinceTheCount_DoesNotWait()
    {
        _desk.Seen("agent");
        var freed = _desk.FreedSlots("agent");
        _desk.Free("agent");

        Assert.True(await _desk.WaitForSlotAsync("agent", freed, TimeSpan.FromSeconds(1), CancellationToken.None));
    }

    [Fact]
    public async Task Forget_ClaimsThatWait_AreWakenAndNothingStays()
    {
        var claims = new[] { WaitAsync(), WaitAsync() };

        _desk.Forget("agent");

        Assert.All(await Task.WhenAll(claims), Assert.True);
        Assert.Equal(0, _desk.Count);
    }

    [Fact]
    public async Task Turn_OfAnAgentThatIsNotThere_LeavesNothing()
    {
        using (await _desk.TakeTurnAsync("agent", CancellationToken.None))
            Assert.Equal(1, _desk.Count);

        Assert.Equal(0, _desk.Count);
    }

    [Fact]
    public async Task Turn_NextCallerLeavesBeforeItComes_IsFreeForTheOneBehind()
    {
        using var leaving = new CancellationTokenSource();
        var first = await _desk.TakeTurnAsync("agent", CancellationToken.None);
        var next = _desk.TakeTurnAsync("agent", leaving.Token).AsTask();
        var behind = _desk.TakeTurnAsync("agent", CancellationToken.None).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);

        Assert.False(behind.IsCompleted);
        first.Dispose();

        (await behind).Dispose();
        Assert.Equal(0, _desk.Count);
    }

    [Fact]
    public void NextPace_NoWork_DoublesToHalfAMinuteAndStartsAnewAfterWork()
    {
        _desk.Seen("agent");

        Assert.Equal([1, 2, 4, 8, 16, 30, 30], Enumerable.Range(0, 7).Select(_ => _desk.NextPace("agent", gotWork: false)));
        Assert.Equal(1, _desk.NextPace("agent", gotWork: true));
    }

    [Fact]
    public void TakeDue_DeadlinesOfSeveralAgents_AreToldOnceLongestOverdueFirst()
    {
        _desk.LookAfter("late", TimeSpan.FromSeconds(2));
        _desk.LookAfter("later", TimeSpan.FromSeconds(3));
        _desk.LookAfter("later", TimeSpan.FromSeconds(1));
        _desk.LookAfter("not yet", TimeSpan.FromSeconds(9));
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(["later", "late"], _desk.TakeDue());
        Assert.Empty(_desk.TakeDue());
        Assert.Equal(1, _desk.Count);
    }

    [Fact]
    public void Seen_TenThousandOfWhomNobodyHearsAgain_MakeRoomForTheNextWithoutASweep()
    {
        for (var i = 0; i < 10_000; i++)
            _desk.Seen($"first-{i}");
        _clock.Advance(Settings.Leases.Duration + TimeSpan.FromSeconds(1));
        for (var i = 0; i < 10_000; i++)
            _desk.Seen($"second-{i}");

        Assert.InRange(_desk.Count, 10_000, 15_000);
        Assert.True(_desk.Rounds.Begin(TimeSpan.MaxValue).LooksAtAll);
    }

    [Fact]
    public void EndRound_AgentThatNoRoundMeets_LeavesOnceItIsSilent()
    {
        _desk.Seen("removed elsewhere");
        _desk.Rounds.End(_desk.Rounds.Begin(TimeSpan.MaxValue), isWhole: true);
        Assert.Equal(1, _desk.Count);

        _clock.Advance(Settings.Leases.Duration + TimeSpan.FromSeconds(1));
        _desk.Rounds.End(_desk.Rounds.Begin(TimeSpan.MaxValue), isWhole: true);

        Assert.Equal(0, _desk.Count);
    }

    [Fact]
    public void BeginRound_EntriesWereDroppedDuringTheLast_LooksAtAll()
    {
        _desk.Rounds.End(_desk.Rounds.Begin(TimeSpan.MaxValue), isWhole: true);
        Assert.False(_desk.Rounds.Begin(TimeSpan.MaxValue).LooksAtAll);

        for (var i = 0; i < 2000; i++)
            _desk.Seen($"{i}");

        Assert.True(_desk.Rounds.Begin(TimeSpan.MaxValue).LooksAtAll);
    }

    [Fact]
    public void BeginRound_TrustIsOver_LooksAtAll()
    {
        _desk.Rounds.End(_desk.Rounds.Begin(TimeSpan.FromSeconds(30)), isWhole: true);
        _clock.Advance(TimeSpan.FromSeconds(31));

        Assert.True(_desk.Rounds.Begin(TimeSpan.FromSeconds(30)).LooksAtAll);
    }

    private Task<bool> WaitAsync() => _desk.WaitForSlotAsync("agent", 0, TimeSpan.FromSeconds(1), CancellationToken.None).AsTask();
}
