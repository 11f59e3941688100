using Headgate.Core.Agents;

namespace Headgate.Core.Tests.Agents;

public sealed class SlotForecastTests
{
    private static readonly Dictionary<string, double> Usual = new(StringComparer.Ordinal) { ["backup"] = 100, ["check"] = 30 };

    [Fact]
    public void SecondsToSlot_RoomNow_IsZero() => Assert.Equal(0, Seconds(2, null, new HeldTask("backup", 1)));

    [Fact]
    public void SecondsToSlot_Full_IsTheTaskThatEndsFirst() => Assert.Equal(25, Seconds(2, null, new HeldTask("backup", 10), new HeldTask("check", 5)));

    [Fact]
    public void SecondsToSlot_TaskOverItsTime_IsExpectedNow() => Assert.Equal(0, Seconds(1, null, new HeldTask("backup", 1000)));

    [Theory]
    [InlineData("prune", 5.0)]
    [InlineData("backup", null)]
    public void SecondsToSlot_DurationsUnknown_IsNull(string type, double? age) => Assert.Null(Seconds(1, null, new HeldTask(type, age)));

    [Fact]
    public void SecondsToSlot_OneOfTwoIsKnown_IsThatOne() => Assert.Equal(70, Seconds(2, null, new HeldTask("prune", 0), new HeldTask("backup", 30)));

    [Fact]
    public void SecondsToSlot_LimitsLoweredBelowWhatIsHeld_WaitsForAllInExcess() =>
        Assert.Equal(90, Seconds(1, null, new HeldTask("backup", 10), new HeldTask("check", 5)));

    [Fact]
    public void SecondsToSlot_OfATypeAtItsLimit_WaitsForOneOfThem()
    {
        var limits = AgentLimits.Default with { MaxConcurrentTasks = 2, TypeLimits = new Dictionary<string, int> { ["backup"] = 1, ["never"] = 0 } };
        HeldTask[] held = [new("backup", 10), new("check", 5)];
        var load = new AgentLoad(limits, held.Select(task => task.Type));

        Assert.Equal(90, SlotForecast.SecondsToSlot(load, "backup", held, Usual));
        Assert.Equal(25, SlotForecast.SecondsToSlot(load, "check", held, Usual));
        Assert.Null(SlotForecast.SecondsToSlot(load, "never", held, Usual));
    }

    private static double? Seconds(int total, string? type, params HeldTask[] held) =>
        SlotForecast.SecondsToSlot(new AgentLoad(AgentLimits.Default with { MaxConcurrentTasks = total }, held.Select(task => task.Type)), type, held, Usual);
}
