using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Agents;

namespace Headgate.Core.Tests.Agents;

public sealed class AgentLoadTests
{
    [Fact]
    public void RoomFor_TypeWithoutALimit_IsBoundByTheTotal()
    {
        var load = new AgentLoad(Limits(3), ["command"]);

        Assert.Equal((2, 2), (load.AvailableSlots, load.RoomFor("archive")));
    }

    [Fact]
    public void RoomFor_TypeAtItsLimit_IsNoneWhileOthersStillFit()
    {
        var load = new AgentLoad(Limits(3, ("backup", 1)), ["backup"]);

        Assert.Equal((0, 2), (load.RoomFor("backup"), load.RoomFor("command")));
        Assert.False(load.IsSaturated);
    }

    [Fact]
    public void IsNarrowed_ATypeAtItsLimit_OnlyWhileOthersStillFit()
    {
        Assert.True(new AgentLoad(Limits(3, ("backup", 1)), ["backup"]).IsNarrowed);
        Assert.False(new AgentLoad(Limits(1, ("backup", 1)), ["backup"]).IsNarrowed);
        Assert.False(new AgentLoad(Limits(3, ("backup", 2)), ["backup"]).IsNarrowed);
        Assert.False(new AgentLoad(Limits(3, ("prune", 0)), ["backup"]).IsNarrowed);
        Assert.True(new AgentLoad(Limits(3, ("backup", 1), ("prune", 1)), ["backup"]).IsNarrowed);
    }

    [Fact]
    public void RoomFor_LimitOfZero_TakesNone() => Assert.Equal(0, new AgentLoad(Limits(3, ("prune", 0)), []).RoomFor("prune"));

    [Fact]
    public void RoomFor_LimitsLoweredBelowWhatIsHeld_IsNeverNegative()
    {
        var load = new AgentLoad(Limits(1, ("backup", 1)), ["backup", "backup", "command"]);

        Assert.Equal((3, 0, 0, 0), (load.Held, load.AvailableSlots, load.RoomFor("backup"), load.RoomFor("command")));
        Assert.True(load.IsSaturated);
    }

    [Fact]
    public void FreeShare_OfEmptyHalfAndFull_ComparesAgents()
    {
        Assert.Equal(1, new AgentLoad(Limits(4), []).FreeShare);
        Assert.Equal(0.5, new AgentLoad(Limits(4), ["a", "b"]).FreeShare);
        Assert.Equal(0, new AgentLoad(Limits(1), ["a"]).FreeShare);
    }

    [Fact]
    public void Take_AnySequenceThatAsksFirst_NeverPassesALimit() =>
        Prop.ForAll(
            Gen.Choose(1, 10).ToArbitrary(),
            Gen.Choose(0, 10).ToArbitrary(),
            Gen.Elements("a", "b", "c").ArrayOf().ToArbitrary(),
            (total, ofA, types) =>
            {
                var load = new AgentLoad(Limits(total, ("a", ofA)), []);
                foreach (var type in types)
                {
                    if (load.RoomFor(type) > 0)
                        load.Take(type);
                }

                return load.Held <= total && load.HeldByType.GetValueOrDefault("a") <= ofA && load.AvailableSlots == total - load.Held;
            }).QuickCheckThrowOnFailure();

    private static AgentLimits Limits(int total, params (string Type, int Limit)[] types) =>
        AgentLimits.Default with { MaxConcurrentTasks = total, TypeLimits = types.ToDictionary(type => type.Type, type => type.Limit, StringComparer.Ordinal) };
}
