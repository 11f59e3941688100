using Headgate.Core.Dispatch;
using Headgate.Core.Runs;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Shared;
using Headgate.Functions.Tests.Support;
using Headgate.TestKit;
using Xunit;

namespace Headgate.Functions.Tests.Tasks;

public sealed class PlaceInLineTests
{
    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Places_OfReadyTasks_AreByPriorityThenAge(bool isAlone)
    {
        IReadyTasks ready = isAlone ? new ReadyBoard(new MemoryTables(), _clock) : new TableReadyTasks(new MemoryTables(), _clock);
        var (low, old, young, first) = (Offer("low", TaskPriority.Low, -9), Offer("old", age: -8), Offer("young", age: -7, type: "check"), Offer("first", TaskPriority.High, -1));
        await ready.AddAsync([low, old, young, first]);

        var places = await ready.PlacesAsync([low, old, young, first, Offer("absent")]);

        Assert.Equal([3, 1, 2, 0, null], places.Select(place => place?.Ahead));
        Assert.Equal((2, 1), (places[0]!.AheadByType["work"], places[0]!.AheadByType["check"]));
    }

    [Fact]
    public async Task Places_OfTasksThatAResourceKeepsBack_AreAmongThose()
    {
        var board = new ReadyBoard(new MemoryTables(), _clock);
        board.Hold(new ResourceHold("acme", "main", null), null);
        TaskOffer[] offers = [Offer("free", age: -9), Offer("one", age: -8) with { Resources = ["main"] }, Offer("two", age: -7) with { Resources = ["main"] }];
        await board.AddAsync(offers);

        Assert.Equal([0, 0, 1], (await board.PlacesAsync(offers)).Select(place => place!.Ahead));
    }

    [Fact]
    public async Task Places_OtherTenantsWait_CountTheirTurnsByWeight()
    {
        var board = new ReadyBoard(new MemoryTables(), _clock);
        var offers = Enumerable.Range(0, 10).Select(i => Offer($"a{i}", age: i)).ToList();
        await board.AddAsync([.. offers, .. Enumerable.Range(0, 50).Select(i => Offer($"b{i}") with { TenantId = "other", Weight = 4 }), Offer("c") with { TenantId = "few" }]);

        // Third in line: the other tenant takes 4 turns for each of the three and may be one ahead, the one with a single task takes that.
        Assert.Equal(14, (await board.PlacesAsync([offers[2]]))[0]!.AheadOfOthers);
    }

    [Fact]
    public async Task Places_BehindAThousandRowsOnSharedTables_AreNotCounted()
    {
        var ready = new TableReadyTasks(new MemoryTables(), _clock);
        var offers = Enumerable.Range(0, 1100).Select(i => Offer($"t{i}", age: i)).ToList();
        await ready.AddAsync(offers);

        var places = await ready.PlacesAsync([offers[999], offers[1000]]);

        Assert.Equal([999, null], places.Select(place => place?.Ahead));
    }

    private TaskOffer Offer(string id, TaskPriority priority = TaskPriority.Normal, int age = 0, string type = "work") =>
        new(id, "acme", 1, type, priority, null, new Dictionary<string, string>(), _clock.GetUtcNow().AddMilliseconds(age));
}
