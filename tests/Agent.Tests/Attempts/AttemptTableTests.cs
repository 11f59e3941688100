using FsCheck;
using FsCheck.Fluent;
using Headgate.Agent.Attempts;
using Headgate.Agent.Tests.Support;
using Headgate.Contracts.Agents;

namespace Headgate.Agent.Tests.Attempts;

public sealed class AttemptTableTests
{
    private static readonly string[] Types = ["a", "b", "c"];

    [Fact]
    public void Start_AnyOrderOfEvents_NeverExceedsTotalOrTypeLimits() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var own = new Limits(random.Next(1, 8), new Dictionary<string, int> { ["a"] = random.Next(0, 3), ["b"] = random.Next(0, 8) });
            var table = new AttemptTable(own, Types);
            var running = new List<Attempt>();
            for (var step = 0; step < 200; step++)
                Step(random, table, running, own);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Start_AFullType_HoldsUpNoOther()
    {
        var table = new AttemptTable(new Limits(3, new Dictionary<string, int> { ["a"] = 1 }), Types);
        Accept(table, "a", "a", "b");

        Assert.Equal(["a", "b"], table.Start().Select(a => a.Task.Type));
        Assert.Equal(0, table.ClaimRoom());
    }

    [Fact]
    public void ClaimRoom_EveryTypeFull_IsNoneThoughTheTotalIsFree()
    {
        var table = new AttemptTable(new Limits(10, new Dictionary<string, int> { ["a"] = 1, ["b"] = 0 }), ["a", "b"]);
        Assert.Equal(1, table.ClaimRoom());

        Accept(table, "a");

        Assert.Equal(0, table.ClaimRoom());
    }

    [Fact]
    public void ClaimRoom_EndedAttempt_CountsUntilItIsSettled()
    {
        var table = new AttemptTable(new Limits(1, new Dictionary<string, int>()), Types);
        Accept(table, "a");
        var attempt = Assert.Single(table.Start());

        table.Ended(attempt);
        Assert.Equal(0, table.ClaimRoom());
        Assert.Equal(1, table.ClaimRoom(early: true));

        table.Settled(attempt.Task.TaskId, 1);
        Assert.Equal(1, table.ClaimRoom());
    }

    [Fact]
    public void Start_ManyWait_TheOldestOfEachTypeGoFirst()
    {
        var table = new AttemptTable(new Limits(2, new Dictionary<string, int> { ["a"] = 1 }), Types);
        var attempts = new[] { "a", "a", "b", "a", "b" }.Select((type, i) => new Attempt(Given.Task(type, id: $"r.{i}"))).ToList();
        attempts.ForEach(attempt => table.Accept(attempt));
        var order = new List<string>();
        while (table.Start() is { Count: > 0 } started)
        {
            order.AddRange(started.Select(a => a.Task.TaskId));
            table.Settled(order[^1], 1);
        }

        Assert.Equal(["r.0", "r.2", "r.4"], order);
        table.Settled("r.0", 1);
        Assert.Equal("r.1", Assert.Single(table.Start()).Task.TaskId);
    }

    [Fact]
    public void Apply_LimitBelowWhatRuns_DrainsAndStartsNoneBefore()
    {
        var table = new AttemptTable(new Limits(3, new Dictionary<string, int>()), Types);
        Accept(table, "a", "a", "b", "b");
        var running = table.Start();
        table.Apply(Settings(1));

        Assert.Equal((3, 0), (running.Count, table.ClaimRoom()));
        Assert.All(running, attempt => Assert.Equal(StopReason.None, attempt.Reason));
        for (var left = 2; left >= 0; left--)
        {
            table.Settled(running[left].Task.TaskId, 1);
            Assert.Equal(left == 0 ? 1 : 0, table.Start().Count);
        }
    }

    [Fact]
    public void TryLeaveQueue_StoppedWhileItWaits_TakesNoSlotOfAnother()
    {
        var table = new AttemptTable(new Limits(1, new Dictionary<string, int>()), Types);
        Accept(table, "a", "a", "b");
        var first = Assert.Single(table.Start());
        var (waiting, next) = (table.Held()[1], table.Held()[2]);

        Assert.True(table.TryLeaveQueue(waiting));
        table.Settled(waiting.Task.TaskId, 1);
        Assert.False(table.TryLeaveQueue(first));
        table.Settled(first.Task.TaskId, 1);

        Assert.Equal([next], table.Start());
    }

    [Fact]
    public void Withhold_Slots_OffersFewerAndTouchesNothingThatIsHeld()
    {
        var table = new AttemptTable(new Limits(4, new Dictionary<string, int>()), Types);
        Accept(table, "a", "a");
        var running = table.Start();

        table.Withhold(1);
        Assert.Equal((1, 1), (table.ClaimRoom(), table.FreeSlots));
        table.Withhold(3);
        Assert.Equal((0, 0), (table.ClaimRoom(), table.FreeSlots));
        Assert.All(running, attempt => Assert.Equal(StopReason.None, attempt.Reason));
        running.ToList().ForEach(attempt => table.Settled(attempt.Task.TaskId, 1));
        Assert.Equal((1, 1), (table.ClaimRoom(), table.FreeSlots));

        table.Withhold(0);
        Assert.Equal((4, 4), (table.ClaimRoom(), table.FreeSlots));
    }

    [Fact]
    public void Running_Types_CountsThoseThatAreAboutToStart()
    {
        var table = new AttemptTable(new Limits(2, new Dictionary<string, int>()), Types);
        Accept(table, "a", "b", "a");
        Assert.Equal(0, table.Running(["a", "b"]));

        table.Start();

        Assert.Equal((2, 1), (table.Running(["a", "b"]), table.Running(["a"])));
    }

    [Fact]
    public void Apply_WiderSettings_WidenNothing()
    {
        var table = new AttemptTable(new Limits(2, new Dictionary<string, int> { ["a"] = 1 }), Types);

        var limits = table.Apply(Settings(50, ("a", 40), ("b", 1)));

        Assert.Equal((2, 1, 1, 2), (limits.Total, limits.Of("a"), limits.Of("b"), limits.Of("c")));
    }

    [Fact]
    public void Apply_LaterAndWiderThanBefore_GoesBackToTheOwnersLimits()
    {
        var table = new AttemptTable(new Limits(5, new Dictionary<string, int>()), Types);

        Assert.Equal(1, table.Apply(Settings(1)).Total);
        Assert.Equal(5, table.Apply(Settings(9)).Total);
    }

    [Fact]
    public void Accept_ALaterAttempt_LosesTheEarlierAndWaitsForItsEnd()
    {
        var table = new AttemptTable(new Limits(1, new Dictionary<string, int>()), Types);
        var first = new Attempt(Given.Task("a", attempt: 1, id: "r.t"));
        table.Accept(first);
        table.Start();
        var second = new Attempt(Given.Task("a", attempt: 2, id: "r.t"));

        Assert.True(table.Accept(second));
        Assert.Equal(StopReason.Lost, first.Reason);
        Assert.Empty(table.Start());

        table.Settled("r.t", 1);
        Assert.Equal([second], table.Start());
    }

    [Fact]
    public void Accept_TheSameOrAnEarlierAttempt_IsRefused()
    {
        var table = new AttemptTable(new Limits(3, new Dictionary<string, int>()), Types);
        table.Accept(new Attempt(Given.Task("a", attempt: 2, id: "r.t")));

        Assert.False(table.Accept(new Attempt(Given.Task("a", attempt: 2, id: "r.t"))));
        Assert.False(table.Accept(new Attempt(Given.Task("a", attempt: 1, id: "r.t"))));
    }

    private static void Step(Random random, AttemptTable table, List<Attempt> running, Limits own)
    {
        switch (random.Next(4))
        {
            case 0:
                // The service may hand out more than was asked for: the agent's limits hold all the same.
                Accept(table, [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Types[random.Next(3)])]);
                break;
            case 1 when running.Count > 0:
                var ended = running[random.Next(running.Count)];
                running.Remove(ended);
                table.Ended(ended);
                table.Settled(ended.Task.TaskId, ended.Task.Attempt);
                break;
            case 2:
                table.Apply(Settings(random.Next(1, 20), ("c", random.Next(0, 5))));
                break;
        }

        var before = running.Count;
        running.AddRange(table.Start());
        Assert.True(running.Count <= own.Total);
        Assert.All(Types, type => Assert.True(running.Count(a => a.Task.Type == type) <= own.Of(type)));
        if (running.Count > before)
            Assert.True(running.Count <= table.Limits.Total);
        Assert.InRange(table.ClaimRoom(early: true), table.ClaimRoom(), Math.Max(0, table.Limits.Total - running.Count));
    }

    private static void Accept(AttemptTable table, params string[] types)
    {
        foreach (var type in types)
            Assert.True(table.Accept(new Attempt(Given.Task(type))));
    }

    private static AgentSettings Settings(int total, params (string Type, int Limit)[] types) =>
        new(total, types.ToDictionary(t => t.Type, t => t.Limit), 50, "low", null, 1);
}
