using Headgate.Core.Agents;
using Headgate.Core.Causes;
using Headgate.Core.Dispatch;
using Headgate.Core.Failures;
using Headgate.Core.Resources;
using Headgate.Core.Retry;
using Headgate.Core.Runs;
using Headgate.Core.Tenants;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Core.Tests.Causes;

/// <summary>One case a cause: its code, what it names, and whether a start is expected.</summary>
public sealed class TaskExplanationTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly RunFacts Running = new("run", new(RunStatus.Running, null), Now.AddMinutes(-5));
    private static readonly ResourceAttempt User = new("other.one", 1);

    [Fact]
    public void Of_QueuedRun_IsHeldByTheCap()
    {
        var queued = new QueuedRun(2, 5, 5, Now.AddMinutes(-1), ["r1", "r2"], new(Now.AddMinutes(3), "basis"));
        var run = new RunFacts("run", new(RunStatus.Pending, null), Now, queued);

        var task = TaskExplanation.Of(run, Facts(TaskStatus.Waiting), Scene());
        var whole = RunExplanation.Of(run, [("one", task)]);

        foreach (var explanation in new[] { task, whole })
        {
            var cause = Assert.Single(explanation.Causes);
            Assert.Equal((CauseCode.Cap, "5 of 5 concurrent runs are in flight, and 2 queued runs go first."), (cause.Code, cause.Message));
            Assert.Equal(["r1", "r2"], cause.BlockedBy);
            Assert.Equal((3, 2, queued.Start), (explanation.Place, explanation.Ahead, explanation.Start));
        }

        Assert.Equal("queued", whole.State);
    }

    [Fact]
    public void Of_QueuedRunOfAPausedTenant_NamesBoth()
    {
        var run = new RunFacts("run", new(RunStatus.Pending, null), Now, new(0, 1, 1, Now, [], null));
        var scene = Scene() with { Status = TenantStatus.Paused, Pause = new("r", "key:a", Now, null) };

        Assert.Equal([CauseCode.Cap, CauseCode.Paused], Codes(RunExplanation.Of(run, [("one", TaskExplanation.Of(run, Facts(TaskStatus.Waiting), scene))])));
    }

    [Fact]
    public void Of_PausedTenant_SaysWhoAndWhyAndUntil()
    {
        var scene = Scene(Agent()) with { Status = TenantStatus.Paused, Pause = new("maintenance", "key:a", Now.AddHours(-1), Now.AddHours(1)) };

        var explanation = TaskExplanation.Of(Running, Ready(), scene);

        var cause = Assert.Single(explanation.Causes);
        Assert.Equal((CauseCode.Paused, Now.AddHours(-1), "The tenant is paused until 2026-03-15T13:00:00Z by key:a: maintenance."), (cause.Code, cause.Since, cause.Message));
        Assert.Equal(Now.AddHours(1), explanation.Start!.At);
        Assert.Null(TaskExplanation.Of(Running, Ready(), scene with { Pause = scene.Pause! with { Until = null } }).Start);
    }

    [Fact]
    public void Of_PendingRun_WaitsForItsStart()
    {
        var run = Running with { State = new(RunStatus.Pending, null) };

        var task = TaskExplanation.Of(run, Facts(TaskStatus.Waiting), Scene());

        Assert.Equal([CauseCode.WaitingForStart], Codes(task));
        Assert.Equal([CauseCode.WaitingForStart], Codes(RunExplanation.Of(run, [("one", task)])));
        Assert.Equal(run.CreatedAt, task.Causes[0].Since);
    }

    [Fact]
    public void Of_TaskWithOpenNeeds_NamesThem()
    {
        var cause = Assert.Single(TaskExplanation.Of(Running, Facts(TaskStatus.Waiting) with { Needs = [new("run.a", "a", TaskStatus.Running)] }, Scene()).Causes);

        Assert.Equal((CauseCode.Needs, "It needs 'a' (running) to complete."), (cause.Code, cause.Message));
        Assert.Equal(["run.a"], cause.BlockedBy);
    }

    [Fact]
    public void Of_TaskInBackoff_StartsNoSoonerThanItEnds()
    {
        var facts = Facts(TaskStatus.Backoff) with { LastAttemptEndedAt = Now.AddSeconds(-3) };
        facts = facts with { State = facts.State with { Attempt = 2, RetriesGranted = 2, NextRetryAt = Now.AddSeconds(90), LastErrorClass = FailureClass.Network } };

        var explanation = TaskExplanation.Of(Running, facts, Scene(Agent()));

        var cause = Assert.Single(explanation.Causes);
        Assert.Equal((CauseCode.Backoff, Now.AddSeconds(-3), "Attempt 2 failed (network); the next may start at 2026-03-15T12:01:30Z. Retries left after that: 1."), (cause.Code, cause.Since, cause.Message));
        Assert.Equal((Now.AddSeconds(90), "it may not go before; then: an agent has room"), (explanation.Start!.At, explanation.Start.Basis));
    }

    [Fact]
    public void Of_NoAgent_CountsEachRuleAndCuresTheNearestFirst()
    {
        var explanation = TaskExplanation.Of(Running, Ready(), Scene(Agent("a1", types: ["check"]), Agent("a2", state: AgentState.Offline), Agent("shared", tenant: null, state: AgentState.Draining)));

        var cause = Assert.Single(explanation.Causes);
        Assert.Equal((CauseCode.NoAgent, "No agent: 1 does not take 'backup', 1 is draining, 1 is offline."), (cause.Code, cause.Message));
        Assert.Equal(["a1", "a2"], cause.BlockedBy);
        Assert.StartsWith("Start an agent that is offline", cause.Cures[0], StringComparison.Ordinal);
        Assert.Null(explanation.Start);
    }

    [Fact]
    public void Of_AllAgentsFull_NamesTheOwnTasksAndCountsOthers()
    {
        var agent = Agent(held: [new("backup", 20, "run.x", "acme"), new("backup", 40, "secret.y", "other")], tenant: null, max: 2);

        var explanation = TaskExplanation.Of(Running, Ready(3), Scene(agent));

        var cause = Assert.Single(explanation.Causes);
        Assert.Equal(CauseCode.AgentsBusy, cause.Code);
        Assert.Equal("Agents busy: 1 of 1 is full, a slot is expected in 20 s. Their slots are held by 1 task of this tenant and 1 of others.", cause.Message);
        Assert.Equal(["run.x"], cause.BlockedBy);
        // Slots are free after 20 and 40 s; the fourth in line gets the second one a usual duration of 60 s later.
        Assert.Equal((Now.AddSeconds(100), 4, 3), (explanation.Start!.At, explanation.Place, explanation.Ahead));
        Assert.Equal("median of the usual duration of 'backup' on 1 agent (60 s), 2 slots, 3 ahead", explanation.Start.Basis);
    }

    [Theory]
    [InlineData(ResourcePhase.Held, "Resource 'main' is held by the service. wrong password", null, "cause.one")]
    [InlineData(ResourcePhase.Open, "Resource 'main' is open until 2026-03-15T12:10:00Z. wrong password", 600, "cause.one")]
    [InlineData(ResourcePhase.HalfOpen, "Resource 'main' is half-open: one task probes it.", null, "other.one")]
    [InlineData(ResourcePhase.Closed, "Resource 'main' is full: 1 task uses it.", 50, "other.one")]
    public void Of_ResourceWithoutPlace_SaysWhichWay(ResourcePhase phase, string message, int? startsIn, string blocker)
    {
        var resource = new Resource(
            ResourceRules.Default with { MaxConcurrent = 1 }, phase, Now.AddMinutes(-1), Now.AddMinutes(10), phase == ResourcePhase.HalfOpen ? User : null, "wrong password", Cause: new("cause.one", 1))
        {
            Users = phase == ResourcePhase.Closed ? [new(User, "backup", Now.AddSeconds(-10))] : [],
        };
        var scene = Scene(Agent()) with { Resources = new Dictionary<string, Resource> { ["main"] = resource } };
        var facts = Ready();

        var explanation = TaskExplanation.Of(Running, facts with { Offer = facts.Offer with { Resources = ["main"] } }, scene);

        var cause = Assert.Single(explanation.Causes);
        Assert.Equal((CauseCode.ResourceHeld, message), (cause.Code, cause.Message));
        Assert.Equal([blocker], cause.BlockedBy);
        Assert.Equal(Now + (startsIn is { } seconds ? TimeSpan.FromSeconds(seconds) : null), explanation.Start?.At);
    }

    [Theory]
    [InlineData(TaskStatus.Running, "Agent agt has it.")]
    [InlineData(TaskStatus.Completed, "It has ended: completed.")]
    [InlineData(TaskStatus.Ready, "An agent that may have it has room, and gets it when it claims.")]
    public void Of_TaskThatNothingHolds_SaysWhy(TaskStatus status, string message)
    {
        var facts = Ready();
        var cause = Assert.Single(TaskExplanation.Of(Running, facts with { State = facts.State with { Status = status, AgentId = "agt" } }, Scene(Agent())).Causes);

        Assert.Equal((CauseCode.Nothing, message), (cause.Code, cause.Message));
    }

    [Fact]
    public void OfRun_SeveralTasks_MergesCausesOfOneCode()
    {
        var scene = Scene(Agent(types: ["check"]));
        var waiting = TaskExplanation.Of(Running, Ready(), scene);
        var needing = TaskExplanation.Of(Running, Facts(TaskStatus.Waiting) with { Needs = [new("run.one", "one", TaskStatus.Ready)] }, scene);

        var run = RunExplanation.Of(Running, [("one", waiting), ("two", waiting), ("three", needing)]);

        Assert.Equal([CauseCode.NoAgent, CauseCode.Needs], Codes(run));
        Assert.Equal("Task 'one' waits. No agent: 1 does not take 'backup'. So does 1 more of its tasks, for a cause of this kind.", run.Causes[0].Message);
        Assert.Equal(["run.one"], run.Causes[1].BlockedBy);
        Assert.Equal((1, 0), (run.Place, run.Ahead));
    }

    [Fact]
    public void OfRun_OnlyRunningTasks_NothingHoldsIt()
    {
        var facts = Facts(TaskStatus.Running);
        var task = TaskExplanation.Of(Running, facts with { State = facts.State with { AgentId = "agt", AssignedAt = Now } }, Scene());

        var cause = Assert.Single(RunExplanation.Of(Running, [("one", task)]).Causes);

        Assert.Equal((CauseCode.Nothing, "Nothing holds it: 1 task runs.", Now), (cause.Code, cause.Message, cause.Since));
        Assert.Equal(["agt"], cause.BlockedBy);
    }

    [Fact]
    public void Of_NothingMeasured_EstimatesNothing()
    {
        var agent = Agent(held: [new("backup", 20, "run.x", "acme")], max: 1) with { UsualSeconds = new Dictionary<string, double>() };

        Assert.Null(TaskExplanation.Of(Running, Ready(), Scene(agent)).Start);
    }

    private static CauseCode[] Codes(Explanation explanation) => [.. explanation.Causes.Select(cause => cause.Code)];

    private static Scene Scene(params AgentProfile[] agents) => new(TenantStatus.Active, null, agents, new Dictionary<string, Resource>(), Now);

    private static TaskFacts Ready(int ahead = 0) => Facts(TaskStatus.Ready) with { Line = new(ahead == 0 ? new Dictionary<string, int>() : new Dictionary<string, int> { ["backup"] = ahead }) };

    private static TaskFacts Facts(TaskStatus status) => new(
        new TaskOffer("run.one", "acme", 1, "backup", TaskPriority.Normal, null, new Dictionary<string, string>(), Now.AddMinutes(-2)),
        new TaskState("one", [], RetryPolicy.Default, 600, status));

    private static AgentProfile Agent(string id = "agt", string? tenant = "acme", string[]? types = null, AgentState state = AgentState.Online, HeldTask[]? held = null, int max = 3) => new(
        new AgentOffer(id, tenant, new HashSet<string>(types ?? ["backup"]), new Dictionary<string, string>()),
        state,
        new AgentLoad(AgentLimits.Default with { MaxConcurrentTasks = max }, (held ?? []).Select(task => task.Type)),
        held ?? [],
        new Dictionary<string, double> { ["backup"] = 60 });
}
