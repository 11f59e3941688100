using Headgate.Core.Agents;
using Headgate.Core.Dispatch;
using Headgate.Core.Runs;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Shared;
using Headgate.Functions.Tests.Support;
using Headgate.TestKit;
using Xunit;

namespace Headgate.Functions.Tests.Tasks;

/// <summary>Ready tasks that a resource keeps back.</summary>
public sealed class KeptBackTests
{
    private static readonly AgentOffer Agent = new("agt", null, new HashSet<string>(["work", "prune"]), new Dictionary<string, string>());
    private static readonly ResourceHold Main = new("acme", "main", null);
    private static readonly Dictionary<string, string> NoLabels = new(StringComparer.Ordinal);

    private readonly ManualClock _clock = new();
    private readonly ReadyBoard _board;

    public KeptBackTests() => _board = new ReadyBoard(new MemoryTables(), _clock);

    [Fact]
    public async Task Take_ResourceHeld_GivesWhatDoesNotNameIt()
    {
        Add(Offer("one", "main"), Offer("two", "other", "main"), Offer("three", "other"), Offer("four"));
        _board.Hold(Main, null);
        Add(Offer("five", "main"));

        Assert.Equal(["four", "three"], await TakeAsync());
        Assert.Equal(3, (await _board.DepthAsync()).Depth);
    }

    [Fact]
    public async Task Take_TypeHeld_GivesOtherTypes()
    {
        Add(Offer("one", "main") with { Type = "prune" }, Offer("two", "main"));
        _board.Hold(Main with { Type = "prune" }, null);

        Assert.Equal(["two"], await TakeAsync());
    }

    [Fact]
    public async Task Release_RoomForTwo_LetsTheFirstTwoGoByPriorityThenAge()
    {
        _board.Hold(Main, null);
        Add(Offer("old", "main"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Add(Offer("low", "main") with { Priority = TaskPriority.Low }, Offer("young", "main"), Offer("high", "main") with { Priority = TaskPriority.High });

        _board.Release(Main, 2);

        Assert.Equal(["high", "old"], await TakeAsync());
        _board.Release(Main, 10);
        Assert.Equal(["young", "low"], await TakeAsync());
    }

    [Fact]
    public async Task Release_AllAreGone_KeepsNobodyBack()
    {
        _board.Hold(Main, null);
        Add(Offer("one", "main"));
        _board.Release(Main, 5);
        Add(Offer("two", "main"));

        Assert.Equal(["one", "two"], await TakeAsync());
    }

    [Fact]
    public async Task Release_AClaimWaits_GetsTheFirst()
    {
        _board.Hold(Main, null);
        Add(Offer("one", "main"), Offer("two", "main"));
        var waiting = _board.WaitAsync(Agent, Load(), TimeSpan.FromSeconds(30), CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        _board.Release(Main, 1);

        Assert.Equal("one", (await waiting)!.TaskId);
        Assert.Empty(await TakeAsync());
    }

    [Fact]
    public async Task Return_OfOneThatWasLetGo_IsKeptBackAgain()
    {
        _board.Hold(Main, null);
        Add(Offer("one", "main"), Offer("two", "main"));
        _board.Release(Main, 1);
        var taken = Assert.Single(await _board.TakeAsync(Agent, Load(), 10));

        await _board.ReturnAsync(taken);

        Assert.Empty(await TakeAsync());
        _board.Release(Main, 1);
        Assert.Equal(["one"], await TakeAsync());
    }

    [Fact]
    public async Task Remove_WhileKeptBack_IsGone()
    {
        _board.Hold(Main, null);
        Add(Offer("one", "main"), Offer("two", "main"));

        _board.Remove("one");
        _board.Release(Main, 10);

        Assert.Equal(["two"], await TakeAsync());
    }

    [Fact]
    public async Task Hold_ItsTimeComes_LetsOneGoThenMoreEachSecond()
    {
        Add(Offer("a", "main"), Offer("b", "main"), Offer("c", "main"), Offer("d", "main"));
        _board.Hold(Main, _clock.GetUtcNow().AddSeconds(20));
        Assert.Empty(await TakeAsync());

        _clock.Advance(TimeSpan.FromSeconds(19));
        Assert.Empty(await TakeAsync());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["a"], await TakeAsync());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["b", "c"], await TakeAsync());
    }

    [Fact]
    public async Task Release_FirstIsKeptBackElsewhereToo_LetsTheNextGoASecondLater()
    {
        _board.Hold(Main, null);
        _board.Hold(Main with { Name = "other" }, null);
        Add(Offer("a", "main", "other"), Offer("b", "main"));

        _board.Release(Main, 1);
        Assert.Empty(await TakeAsync());
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["b"], await TakeAsync());
    }

    [Fact]
    public async Task Release_FirstIsOfATypeWithoutRoom_LetsTheNextGoASecondLater()
    {
        _board.Hold(Main, null);
        _board.Hold(Main with { Type = "prune" }, null);
        Add(Offer("a", "main") with { Type = "prune" }, Offer("b", "main"));

        _board.Release(Main, 1);
        Assert.Empty(await TakeAsync());
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["b"], await TakeAsync());
    }

    [Fact]
    public async Task Release_NoAgentCanHaveTheFirstHundred_ReachesTheNextWithinSeconds()
    {
        _board.Hold(Main, null);
        for (var i = 0; i < 100; i++)
            Add(Offer($"a{i:D3}", "main") with { AgentId = "elsewhere" });
        Add(Offer("b", "main"));

        _board.Release(Main, 1);
        for (var second = 0; second < 7; second++)
        {
            Assert.Empty(await TakeAsync());
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["b"], await TakeAsync());
    }

    [Fact]
    public async Task Hold_AfterMoreWereLetGoThanFit_KeepsTheRestBack()
    {
        _board.Hold(Main, null);
        Add(Offer("a", "main"), Offer("b", "main"), Offer("c", "main"));
        _board.Release(Main, 3);
        Assert.Equal("a", Assert.Single(await _board.TakeAsync(Agent, Load(), 1)).TaskId);

        _board.Hold(Main, null);

        Assert.Empty(await TakeAsync());
        Assert.Equal(2, (await _board.DepthAsync()).Depth);
    }

    [Fact]
    public async Task Hold_NobodyNamesIt_IsForgotten()
    {
        _board.Hold(Main, null);

        _clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Null(_clock.NextTimer);
        Add(Offer("one", "main"));
        Assert.Equal(["one"], await TakeAsync());
    }

    [Fact]
    public async Task Depth_OldestIsKeptBack_CountsIt()
    {
        _board.Hold(Main, null);
        var oldest = Offer("one", "main");
        Add(oldest);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Add(Offer("two"));

        Assert.Equal(oldest.Since, (await _board.DepthAsync()).OldestSince);
    }

    [Fact]
    public async Task Release_OfATenant_LeavesWhatAResourceKeepsBack()
    {
        _board.Hold("acme", null);
        _board.Hold(Main, null);
        Add(Offer("one", "main"), Offer("two"));

        _board.Release("acme");

        Assert.Equal(["two"], await TakeAsync());
    }

    [Fact]
    public async Task Take_FromTheTable_ReadsOnBehindAThousandThatAreKeptBack()
    {
        var ready = new TableReadyTasks(new MemoryTables(), _clock);
        foreach (var some in Enumerable.Range(0, 1500).Select(i => Offer($"held-{i:D4}", "main")).Chunk(100))
            await ready.AddAsync(some);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await ready.AddAsync([Offer("free")]);
        _clock.Advance(TimeSpan.FromSeconds(1));
        ready.Hold(Main, null);

        Assert.Equal(["free"], (await ready.TakeAsync(Agent, Load(), 10)).Select(offer => offer.TaskId));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("held-0000", (await ready.TakeAsync(Agent, Load(), 1))[0].TaskId);
    }

    [Fact]
    public async Task Release_InTheTable_WakesAWaitingClaim()
    {
        var ready = new TableReadyTasks(new MemoryTables(), _clock);
        ready.Hold(Main, null);
        await ready.AddAsync([Offer("one", "main")]);
        var waiting = ready.WaitAsync(Agent, Load(), TimeSpan.FromSeconds(30), CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        ready.Release(Main, 1);

        Assert.Equal("one", (await waiting)!.TaskId);
    }

    private void Add(params TaskOffer[] offers)
    {
        foreach (var offer in offers)
            _board.Add(offer);
    }

    private TaskOffer Offer(string taskId, params string[] resources) =>
        new(taskId, "acme", 1, "work", TaskPriority.Normal, null, NoLabels, _clock.GetUtcNow()) { Resources = resources };

    private async Task<List<string>> TakeAsync() => (await _board.TakeAsync(Agent, Load(), 10)).ConvertAll(offer => offer.TaskId);

    private static AgentLoad Load() => new(AgentLimits.Default with { MaxConcurrentTasks = 10 }, []);
}
