using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Agents;
using Headgate.Core.Dispatch;
using Headgate.Core.Runs;

namespace Headgate.Core.Tests.Dispatch;

public sealed class WaitingReasonTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Sentence_NobodyFits_CountsEachAgentAtTheFirstRule() =>
        Assert.Equal(
            "no agent: 3 do not take 'backup', 1 lacks label os=linux, 2 lack label zone=a, 1 has no slots for 'backup', 1 is in quarantine, 1 is draining, 2 are offline",
            Sentence(
                Task(labels: [("zone", "a"), ("os", "linux")]),
                Agent(types: ["check"]), Agent(types: []), Agent(types: ["check"], state: AgentState.Offline),
                Agent(labels: [("zone", "a")]),
                Agent(labels: [("os", "linux")]), Agent(labels: [("os", "linux"), ("zone", "b")], state: AgentState.Draining),
                Agent(labels: [("os", "linux"), ("zone", "a")], limit: 0),
                Agent(labels: [("os", "linux"), ("zone", "a")], state: AgentState.Quarantined),
                Agent(labels: [("os", "linux"), ("zone", "a")], state: AgentState.Draining),
                Agent(labels: [("os", "linux"), ("zone", "a")], state: AgentState.Offline),
                Agent(labels: [("os", "linux"), ("zone", "a")], state: AgentState.Offline)));

    [Fact]
    public void Sentence_ManyLabelsLacking_NamesThree() =>
        Assert.Equal(
            "no agent: 1 lacks label a=1, 1 lacks label b=1, 1 lacks label c=1, 2 lack other labels",
            Sentence(
                Task(labels: [("a", "1"), ("b", "1"), ("c", "1"), ("d", "1"), ("e", "1")]),
                Agent(), Agent(labels: [("a", "1")]), Agent(labels: [("a", "1"), ("b", "1")]), Agent(labels: [("a", "1"), ("b", "1"), ("c", "1")]),
                Agent(labels: [("a", "1"), ("b", "1"), ("c", "1"), ("d", "1")])));

    [Fact]
    public void Sentence_NoAgentAtAll_SaysSo() => Assert.Equal("no agent: none is there that could take 'backup'", Sentence(Task()));

    [Fact]
    public void Sentence_AgentsOfOtherTenants_AreIgnored() =>
        Assert.Equal("no agent: none is there that could take 'backup'", Sentence(Task(), Agent(tenant: "other"), Agent(tenant: "other", types: [])));

    [Fact]
    public void Sentence_RoomSomewhere_WaitsForAClaim()
    {
        Assert.Equal("an agent to claim it: 1 has room", Sentence(Task(), Agent(tenant: "acme"), Agent(held: 3), Agent(types: [])));
        Assert.Equal("an agent to claim it: 2 have room", Sentence(Task(), Agent(), Agent(state: AgentState.Late)));
    }

    [Fact]
    public void Sentence_AllFull_SaysWhenASlotIsExpected()
    {
        Assert.Equal("agents busy: 2 of 2 are full, a slot is expected in 41 s", Sentence(Task(), Agent(held: 3, age: 19.5), Agent(held: 5, age: 10), Agent(types: [])));
        Assert.Equal("agents busy: 1 of 1 is full, a slot is expected now", Sentence(Task(), Agent(held: 3, age: 90)));
        Assert.Equal("agents busy: 1 of 1 is full", Sentence(Task(), Agent(held: 3)));
    }

    [Fact]
    public void Sentence_OfAPinnedTask_NamesOnlyThatAgent()
    {
        Assert.Equal("agent agt-1 to claim it", Sentence(Task(pinned: "agt-1"), Agent("agt-1"), Agent("agt-2", state: AgentState.Offline)));
        Assert.Equal("agents busy: agt-1 is full, a slot is expected in 60 s", Sentence(Task(pinned: "agt-1"), Agent("agt-1", held: 3, age: 0), Agent("agt-2")));
        Assert.Equal("no agent: agt-1 is draining", Sentence(Task(pinned: "agt-1"), Agent("agt-1", state: AgentState.Draining), Agent("agt-2")));
        Assert.Equal("no agent: agt-1 does not take 'backup'", Sentence(Task(pinned: "agt-1"), Agent("agt-2"), Agent("agt-1", types: [])));
        Assert.Equal("no agent: agt-1 is not there", Sentence(Task(pinned: "agt-1"), Agent("agt-2"), Agent("agt-1", tenant: "other")));
    }

    [Fact]
    public void Of_TaskThatAvoidsAnAgent_CountsTheOthers()
    {
        var task = Task() with { Avoids = new("agt-1", Now) };

        Assert.Equal(0, WaitingReason.Of(task, [Agent("agt-1")]).Free);
        Assert.Equal(1, WaitingReason.Of(task, [Agent("agt-1"), Agent("agt-2"), Agent("agt-3", held: 3)]).Free);
    }

    /// <summary>Every agent that may serve the tenant is counted once, and agents with room are named first.</summary>
    [Fact]
    public void Of_AnyAgents_CountsEachOnceInAnyOrder() =>
        Prop.ForAll(
            Agents().ListOf().ToArbitrary(),
            agents =>
            {
                var task = Task(labels: [("os", "linux")]);
                var reason = WaitingReason.Of(task, agents);
                var visible = agents.Count(agent => agent.Offer.TenantId is null or "acme");
                var able = agents.Count(agent => agent.State <= AgentState.Late && agent.Offer.Suits(task) && agent.Load.RoomFor("backup") > 0);
                return reason.Free + reason.Full + reason.Exclusions.Sum(exclusion => exclusion.Agents) == visible
                    && reason.Free == able
                    && reason.Sentence == WaitingReason.Of(task, Enumerable.Reverse(agents)).Sentence;
            }).QuickCheckThrowOnFailure();

    private static Gen<AgentProfile> Agents() =>
        from tenant in Gen.Elements<string?>(null, "acme", "other")
        from types in Gen.Elements<string[]>([], ["check"], ["backup"], ["backup", "check"])
        from os in Gen.Elements("linux", "windows", "")
        from state in Gen.Elements(Enum.GetValues<AgentState>())
        from held in Gen.Choose(0, 4)
        from limit in Gen.Elements<int?>(null, 0, 1, 3)
        from age in Gen.Elements<double?>(null, 0, 59, 100)
        select Agent(tenant: tenant, types: types, labels: os.Length == 0 ? [] : [("os", os)], state: state, held: held, limit: limit, age: age);

    private static string Sentence(TaskOffer task, params AgentProfile[] agents) => WaitingReason.Of(task, agents).Sentence;

    private static TaskOffer Task(string? pinned = null, params (string, string)[] labels) =>
        new("run.one", "acme", 1, "backup", TaskPriority.Normal, pinned, Map(labels), Now);

    private static AgentProfile Agent(
        string id = "agt", string? tenant = null, string[]? types = null, (string, string)[]? labels = null, AgentState state = AgentState.Online, int held = 0, int? limit = null, double? age = null)
    {
        var limits = AgentLimits.Default with { TypeLimits = limit is { } most ? new Dictionary<string, int> { ["backup"] = most } : new Dictionary<string, int>() };
        var tasks = Enumerable.Repeat(new HeldTask("backup", age), held).ToList();
        return new(
            new AgentOffer(id, tenant, new HashSet<string>(types ?? ["backup"]), Map(labels ?? [])),
            state,
            new AgentLoad(limits, tasks.Select(task => task.Type)),
            tasks,
            new Dictionary<string, double> { ["backup"] = 60 });
    }

    private static Dictionary<string, string> Map((string Key, string Value)[] labels) => labels.ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal);
}
