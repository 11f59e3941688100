using Headgate.Core.Agents;
using Headgate.Core.Dispatch;
using Headgate.Core.Runs;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tests.Support;
using Headgate.TestKit;
using Xunit;

namespace Headgate.Functions.Tests.Tasks;

/// <summary>Two tenants, of which the first has four turns to the other's one: their turns go first, first, other, first, first.</summary>
public sealed class ReadyBoardTests
{
    private static readonly AgentOffer Shared = new("agt", null, new HashSet<string>(["work"]), new Dictionary<string, string>());
    private static readonly Dictionary<string, string> NoLabels = new(StringComparer.Ordinal);

    private readonly ManualClock _clock = new();
    private readonly ReadyBoard _board;

    public ReadyBoardTests() => _board = new ReadyBoard(new MemoryTables(), _clock);

    [Fact]
    public async Task Take_BothHaveWork_TakesTurnsByWeight()
    {
        Add("first-1", "first-2", "first-3", "first-4", "other-1", "other-2");

        Assert.Equal(["first-1", "first-2", "other-1", "first-3", "first-4", "other-2"], await TakeAsync(6));
    }

    [Fact]
    public async Task Take_TenantWasOwedATurnWhenItsWorkWent_IsOwedNothingWhenItComesBack()
    {
        Add("first-1", "first-2", "first-3", "other-1");
        Assert.Equal(["first-1", "first-2"], await TakeAsync(2));

        _board.Remove("other-1");
        Add("other-2");

        Assert.Equal(["first-3"], await TakeAsync(1));
    }

    [Fact]
    public async Task Take_TenantWasAheadWhenItsWorkWent_IsNotHeldBackWhenItComesBack()
    {
        Add("first-1", "first-2", "other-1");
        Assert.Equal(["first-1", "first-2"], await TakeAsync(2));

        Add("first-3");

        Assert.Equal(["first-3"], await TakeAsync(1));
    }

    private void Add(params string[] taskIds)
    {
        foreach (var taskId in taskIds)
        {
            var tenantId = taskId[..taskId.IndexOf('-', StringComparison.Ordinal)];
            _board.Add(new(taskId, tenantId, tenantId == "first" ? 4 : 1, "work", TaskPriority.Normal, null, NoLabels, _clock.GetUtcNow()));
        }
    }

    private async Task<IEnumerable<string>> TakeAsync(int max) =>
        (await _board.TakeAsync(Shared, new AgentLoad(AgentLimits.Default with { MaxConcurrentTasks = 10 }, []), max)).Select(offer => offer.TaskId);
}
