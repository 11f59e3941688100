using Headgate.Core.Agents;
using Headgate.Core.Dispatch;
using Headgate.Core.Runs;
using Headgate.Functions.Stores;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Shared;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Headgate.TestKit;
using Xunit;

namespace Headgate.Functions.Tests.Tasks;

public sealed class TableReadyTasksTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private static readonly AgentOffer Agent = new("agt", "acme", new HashSet<string>(["work"]), new Dictionary<string, string>());

    private readonly MemoryTables _tables = new();
    private readonly ManualClock _clock = new();
    private readonly TableReadyTasks _ready;

    public TableReadyTasksTests() => _ready = new TableReadyTasks(_tables, _clock);

    [Fact]
    public async Task Add_WhileAClaimWaits_GivesTheTaskAndWritesNoRow()
    {
        var waiting = WaitAsync();
        await _ready.AddAsync([Offer("one"), Offer("two")]);

        Assert.Equal(("one", false), Told(await waiting));
        Assert.Equal(["two"], await PoolAsync());
    }

    [Fact]
    public async Task Add_NobodyWaits_WritesTheRow()
    {
        await _ready.AddAsync([Offer("one")]);

        Assert.Equal(["one"], await PoolAsync());
        Assert.Equal(("one", true), Told(Assert.Single(await TakeAsync())));
    }

    [Fact]
    public async Task Add_TenantHeld_WritesTheRowAndGivesItOnRelease()
    {
        _ready.Hold("acme", null);
        var waiting = WaitAsync();
        await _ready.AddAsync([Offer("one")]);
        Assert.Equal(["one"], await PoolAsync());
        Assert.False(waiting.IsCompleted);

        _ready.Release("acme");
        Assert.Equal(("one", true), Told(await waiting));
    }

    [Fact]
    public async Task Add_AfterTheClaimHasEnded_WritesTheRow()
    {
        using var leaving = new CancellationTokenSource();
        var waiting = WaitAsync(leaving.Token);
        await leaving.CancelAsync();
        Assert.Null(await waiting);

        await _ready.AddAsync([Offer("one")]);
        Assert.Equal(["one"], await PoolAsync());
    }

    [Fact]
    public async Task Return_OfAGivenTask_WritesTheRowForOthers()
    {
        var waiting = WaitAsync();
        await _ready.AddAsync([Offer("one")]);
        await _ready.ReturnAsync((await waiting)!);

        Assert.Equal(["one"], await PoolAsync());
        Assert.Equal(("one", true), Told(Assert.Single(await TakeAsync())));
    }

    [Fact]
    public async Task Wait_TaskAddedSinceTheLastLook_GetsItWithoutALook()
    {
        Assert.Empty(await TakeAsync());
        await _ready.AddAsync([Offer("one")]);
        var looks = CountLooks();

        Assert.Equal(("one", true), Told(await WaitAsync()));
        Assert.Equal(0, looks());
    }

    [Fact]
    public async Task Wait_TaskAddedByAnotherProcess_IsFoundWithinHalfASecond()
    {
        var waiting = WaitAsync();
        await new TableReadyTasks(_tables, _clock).AddAsync([Offer("one")]);
        Assert.False(waiting.IsCompleted);

        _clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(("one", true), Told(await waiting));
    }

    [Fact]
    public async Task Wait_NothingComes_EndsInTime()
    {
        var waiting = WaitAsync();
        while (!waiting.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }

        Assert.Null(await waiting);
    }

    [Fact]
    public async Task Take_PoolEmptyAMomentAgo_KnowsWhatCameSinceWithoutALook()
    {
        Assert.Empty(await TakeAsync());
        await _ready.AddAsync([Offer("one")]);
        var looks = CountLooks();

        Assert.Equal(("one", true), Told(Assert.Single(await TakeAsync())));
        Assert.Equal(0, looks());
    }

    [Fact]
    public async Task Take_PoolEmptyHalfASecondAgo_Looks()
    {
        Assert.Empty(await TakeAsync());
        _clock.Advance(TimeSpan.FromMilliseconds(500));
        await new TableReadyTasks(_tables, _clock).AddAsync([Offer("urgent") with { Priority = TaskPriority.High }]);
        await _ready.AddAsync([Offer("one")]);

        Assert.Equal("urgent", Assert.Single(await TakeAsync()).TaskId);
    }

    [Fact]
    public async Task Take_PoolNotEmptyAMomentAgo_Looks()
    {
        await _ready.AddAsync([Offer("first"), Offer("second")]);
        Assert.Equal("first", Assert.Single(await TakeAsync()).TaskId);
        await new TableReadyTasks(_tables, _clock).AddAsync([Offer("urgent") with { Priority = TaskPriority.High }]);
        await _ready.AddAsync([Offer("third")]);

        Assert.Equal("urgent", Assert.Single(await TakeAsync()).TaskId);
    }

    [Fact]
    public async Task Take_TaskTakenElsewhereMeanwhile_IsNotGivenTwiceHere()
    {
        Assert.Empty(await TakeAsync());
        await _ready.AddAsync([Offer("one")]);
        _ready.Remove("one");
        await _tables.SubmitAsync(new TableChange(new TableBatch(Table.Ready, TableWrite.DeleteIfExists(RowKeys.Pool("acme"), ReadyRow.Key(Offer("one"))))));

        Assert.Empty(await TakeAsync());
    }

    [Fact]
    public async Task Take_RowLeftFromAnEarlierTime_TaskIsTakenOnce()
    {
        var left = Offer("one");
        _clock.Advance(TimeSpan.FromSeconds(1));
        await new TableReadyTasks(_tables, _clock).AddAsync([left, Offer("one")]);

        Assert.Single(await _ready.TakeAsync(Agent, Load(), 2));
    }

    private Task<TaskOffer?> WaitAsync(CancellationToken cancellationToken = default) => _ready.WaitAsync(Agent, Load(), Long, cancellationToken);

    [Fact]
    public async Task Take_AfterTheClockWasSetBack_FindsWhatWasTakenAndWhatOthersAdded()
    {
        var clock = new WallClock();
        var ready = new TableReadyTasks(_tables, clock);
        await ready.AddAsync([Offer("one")]);
        Assert.Single(await ready.TakeAsync(Agent, Load(), 1));
        Assert.Empty(await ready.TakeAsync(Agent, Load(), 1));

        clock.Offset = TimeSpan.FromHours(-1);
        clock.Ticking.Advance(TimeSpan.FromSeconds(3));
        await new TableReadyTasks(_tables, clock).AddAsync([Offer("two")]);

        Assert.Equal(["one", "two"], (await ready.TakeAsync(Agent, Load(), 3)).Select(offer => offer.TaskId).Order(StringComparer.Ordinal));
    }

    private async Task<List<TaskOffer>> TakeAsync() => await _ready.TakeAsync(Agent, Load(), 1);

    private async Task<IEnumerable<string>> PoolAsync() => (await _tables.QueryAsync(new TableQuery(Table.Ready, null))).Rows.Select(row => ReadyRow.Read(row).TaskId);

    private Func<int> CountLooks()
    {
        var looks = 0;
        _tables.Queried = _ =>
        {
            looks++;
            return Task.CompletedTask;
        };
        return () => looks;
    }

    private static (string TaskId, bool InPool) Told(TaskOffer? offer) => (offer!.TaskId, offer.InPool);

    private static AgentLoad Load() => new(AgentLimits.Default, []);

    private TaskOffer Offer(string taskId) => new(taskId, "acme", 1, "work", TaskPriority.Normal, null, NoLabels, _clock.GetUtcNow());

    private static readonly Dictionary<string, string> NoLabels = new(StringComparer.Ordinal);
}
