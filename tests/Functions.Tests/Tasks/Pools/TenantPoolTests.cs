using Headgate.Core.Agents;
using Headgate.Core.Dispatch;
using Headgate.Core.Runs;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Tasks.Pools;

namespace Headgate.Functions.Tests.Tasks.Pools;

public sealed class TenantPoolTests
{
    private readonly TenantPool _pool = new(new TenantTurns("tenant"));

    [Fact]
    public void First_SeveralTypesAndPriorities_GoesByPriorityThenAge()
    {
        TaskOffer[] inOrder =
        [
            Offer("old-high", "b", TaskPriority.High, 3),
            Offer("new-high", "a", TaskPriority.High, 4),
            Offer("old-normal", "a", TaskPriority.Normal, 1),
            Offer("new-normal", "b", TaskPriority.Normal, 2),
            Offer("low", "a", TaskPriority.Low, 0),
        ];
        foreach (var offer in inOrder.Reverse())
            _pool.Add(offer);

        Assert.Equal(inOrder.Select(offer => offer.TaskId), Taken("a", "b"));
        Assert.Equal(0, _pool.Count);
    }

    [Fact]
    public void First_AgentWithoutTheTypeOrTheLabel_PassesItOver()
    {
        _pool.Add(Offer("foreign", "b", TaskPriority.High, 0));
        _pool.Add(Offer("labelled", "a", TaskPriority.High, 0) with { Labels = new Dictionary<string, string> { ["gpu"] = "yes" } });
        _pool.Add(Offer("plain", "a", TaskPriority.Low, 0));

        Assert.Equal(["plain"], Taken("a"));
        Assert.Equal(2, _pool.Count);
    }

    [Fact]
    public void OldestSince_LowerPriorityOfOtherType_IsSeen()
    {
        _pool.Add(Offer("one", "a", TaskPriority.High, 5));
        _pool.Add(Offer("two", "b", TaskPriority.Low, 2));

        Assert.Equal(2, _pool.OldestSince()!.Value.Ticks);
    }

    [Fact]
    public void OldestSince_Empty_IsNone()
    {
        var offer = Offer("one", "a", TaskPriority.High, 5);
        _pool.Add(offer);
        _pool.Remove(offer);

        Assert.Null(_pool.OldestSince());
    }

    private List<string> Taken(params string[] types)
    {
        var agent = new AgentOffer("agent", null, types.ToHashSet(), new Dictionary<string, string>());
        var taken = new List<string>();
        while (_pool.First(agent, new AgentLoad(AgentLimits.Default, [])) is { } offer)
        {
            _pool.Remove(offer);
            taken.Add(offer.TaskId);
        }

        return taken;
    }

    private static TaskOffer Offer(string id, string type, TaskPriority priority, int since) =>
        new(id, "tenant", 1, type, priority, null, TaskRecord.NoLabels, new DateTimeOffset(since, TimeSpan.Zero));
}
