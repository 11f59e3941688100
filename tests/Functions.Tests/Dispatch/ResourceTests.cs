using Headgate.Core.Failures;
using Headgate.Core.Resources;
using Headgate.Core.Runs;
using Headgate.Core.Tenants;
using Headgate.Functions.Dispatch;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Resources;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Resources;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Tests.Dispatch;

/// <summary>Tasks that name what they use, from the claim to the result.</summary>
public sealed class ResourceTests
{
    private const string Repository = "main";
    private static readonly ResourceKey Key = new(RunRig.Tenant, Repository);
    private static readonly AttemptOutcome.FailedWith Unreachable = new(FailureClass.Network, "no route");
    private static readonly AttemptOutcome.FailedWith Refused = new(FailureClass.Auth, "wrong password");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Claim_AtTheCap_GivesTheNextOneWhenOneEnds(bool shared)
    {
        using var rig = new RunRig(shared: shared);
        await LimitAsync(rig, 1);
        var (first, second) = (await StartAsync(rig, Repository), await StartAsync(rig, Repository));
        var agent = rig.NewAgent();

        var task = Assert.Single(await rig.ClaimAsync(agent, 3));
        Assert.Empty(await rig.ClaimAsync(agent, 3));
        await rig.ReportAsync(task);

        Assert.Equal(first, task.RunId);
        Assert.Equal(second, Assert.Single(await rig.ClaimAsync(agent, 3)).RunId);
    }

    [Fact]
    public async Task Claim_HandOutComesToNothing_KeepsNoTaskBack()
    {
        using var rig = new RunRig();
        await LimitAsync(rig, 1);
        await rig.StartAsync(Repository);
        await rig.StartAsync(Repository);
        var agent = rig.NewAgent();

        rig.BeforeWriteTo(Table.Agents, () => Task.FromException(new StoreUnavailableException("away")));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => rig.ClaimAsync(agent, 2));

        Assert.Single(await rig.ClaimAsync(agent, 2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Claim_ResourceFull_GivesOtherWorkInstead(bool shared)
    {
        using var rig = new RunRig(shared: shared);
        await LimitAsync(rig, 1);
        for (var i = 0; i < 3; i++)
            await StartAsync(rig, Repository);
        var other = await StartAsync(rig);
        var agent = rig.NewAgent();
        await rig.ClaimAsync(agent);

        Assert.Equal(other, Assert.Single(await rig.ClaimAsync(agent)).RunId);
    }

    [Fact]
    public async Task Claim_WaitingWhenAPlaceComesFree_GetsTheTask()
    {
        using var rig = new RunRig(new() { Claims = new(MaxWaitSeconds: 30) });
        await LimitAsync(rig, 1);
        await StartAsync(rig, Repository);
        var second = await StartAsync(rig, Repository);
        var task = Assert.Single(await rig.ClaimAsync(rig.NewAgent()));
        var waiting = rig.Get<Claims>().ClaimAsync(rig.NewAgent("two"), null, 1, TimeSpan.FromSeconds(30), CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        await rig.ReportAsync(task);

        Assert.Equal(second, Assert.Single(Assert.IsType<ClaimOutcome.Given>(await waiting).Tasks).RunId);
    }

    [Fact]
    public async Task Claim_InTwoProcessesAtOnce_NeverLetsTwoIn()
    {
        using var one = new RunRig(shared: true);
        using var other = one.OtherProcess();
        await LimitAsync(one, 1);
        await StartAsync(one, Repository);
        await StartAsync(one, Repository);
        var (agent, rival) = (one.NewAgent(), one.NewAgent("rival"));
        List<TaskRecord> taken = [];
        one.BeforeWriteTo(Table.Agents, async () => taken = await other.ClaimAsync(rival, 3));

        var tasks = await one.ClaimAsync(agent, 3);

        Assert.Equal(1, tasks.Count + taken.Count);
        Assert.Single((await ReadAsync(one)).Users);
    }

    [Fact]
    public async Task Claim_ManyRoundsOfTwoProcesses_NeverUseMoreThanTheCapAndEndAll()
    {
        using var one = new RunRig(shared: true);
        using var other = one.OtherProcess();
        await LimitAsync(one, 2);
        for (var i = 0; i < 20; i++)
            await StartAsync(one, Repository, "second");
        var agents = new[] { one.NewAgent(), one.NewAgent("rival") };
        var (held, ended) = (new List<TaskRecord>(), 0);
        for (var round = 0; ended < 20; round++)
        {
            Assert.True(round < 200, "The tasks don't come to an end.");
            var (rig, rival) = round % 2 == 0 ? (one, other) : (other, one);
            if (round % 3 > 0)
                rig.BeforeWriteTo(round % 3 == 1 ? Table.Agents : Table.Tasks, async () => held.AddRange(await rival.ClaimAsync(agents[(round + 1) % 2], 3)));
            held.AddRange(await rig.ClaimAsync(agents[round % 2], 3));
            one.Tables.Submitting = null;
            Assert.InRange(held.Count, 0, 2);
            one.Clock.Advance(TimeSpan.FromSeconds(3));
            foreach (var task in held)
                Assert.IsType<ReportResult.Settled>(await rival.ReportAsync(task));
            ended += held.Count;
            held.Clear();
        }

        Assert.Empty((await ReadAsync(one)).Users);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Settle_CredentialsRefused_SpendsOneAttemptAndLetsTheOthersGoAfterTheRelease(bool shared)
    {
        using var rig = new RunRig(shared: shared);
        for (var i = 0; i < 8; i++)
            await StartAsync(rig, Repository);
        var (agent, second) = (await RoomyAsync(rig, "one"), await RoomyAsync(rig, "two"));
        await EndAsync(rig, Assert.Single(await rig.ClaimAsync(agent)), Refused);

        Assert.Empty(await rig.ClaimAsync(second, 10));
        Assert.Equal((ResourcePhase.Held, null), ((await ReadAsync(rig)).Phase, (await ReadAsync(rig)).By));
        await rig.Get<ResourceBook>().ChangeAsync(Key, resource => resource.Release(rig.Clock.GetUtcNow()));

        var atOnce = new List<int>();
        while (await rig.ClaimAsync(second, 10) is { Count: > 0 } tasks)
        {
            atOnce.Add(tasks.Count);
            foreach (var task in tasks)
                await rig.ReportAsync(task);
        }

        Assert.Equal([1, 2, 4], atOnce);
    }

    [Fact]
    public async Task Settle_FailuresInARow_KeepAllBackUntilOneFindsOut()
    {
        using var rig = new RunRig();
        var runs = new List<string>();
        for (var i = 0; i < 7; i++)
            runs.Add(await StartAsync(rig, Repository));
        var agent = await RoomyAsync(rig, "one");
        foreach (var task in await rig.ClaimAsync(agent, 5))
            await EndAsync(rig, task, Unreachable);
        Assert.Equal(ResourcePhase.Open, (await ReadAsync(rig)).Phase);
        Assert.Empty(await rig.ClaimAsync(agent, 10));

        rig.Clock.Advance(TimeSpan.FromSeconds(61));
        var probe = Assert.Single(await rig.ClaimAsync(agent, 10));
        Assert.Empty(await rig.ClaimAsync(agent, 10));
        await rig.ReportAsync(probe);

        Assert.Equal((runs[5], ResourcePhase.Closed), (probe.RunId, (await ReadAsync(rig)).Phase));
        Assert.Equal(runs[6], Assert.Single(await rig.ClaimAsync(agent, 10)).RunId);
        Assert.Equal(0, (await rig.TaskAsync(runs[6])).State.RetriesGranted);
    }

    [Fact]
    public async Task Claim_OpenedWhileAClaimWaits_GetsTheProbeWhenItsTimeComes()
    {
        using var rig = new RunRig(new() { Claims = new(MaxWaitSeconds: 30) });
        var failed = await StartAsync(rig, Repository);
        await StartAsync(rig, Repository);
        var agent = rig.NewAgent();
        await EndAsync(rig, Assert.Single(await rig.ClaimAsync(agent)), Unreachable, retryAfterSeconds: 20);
        var waiting = rig.Get<Claims>().ClaimAsync(agent, null, 1, TimeSpan.FromSeconds(30), CancellationToken.None);

        rig.Clock.Advance(TimeSpan.FromSeconds(19));
        Assert.False(waiting.IsCompleted);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.NotEqual(failed, Assert.Single(Assert.IsType<ClaimOutcome.Given>(await waiting).Tasks).RunId);
        Assert.Equal(ResourcePhase.HalfOpen, (await ReadAsync(rig)).Phase);
    }

    [Fact]
    public async Task Claim_AfterARestart_FindsTheResourceAsItWas()
    {
        using var rig = new RunRig();
        await StartAsync(rig, Repository);
        await StartAsync(rig, Repository);
        await EndAsync(rig, Assert.Single(await rig.ClaimAsync(rig.NewAgent())), Refused);

        using var next = rig.NextProcess();
        await ((ReadyBoard)next.Get<IReadyTasks>()).RebuildAsync(CancellationToken.None);

        Assert.Empty(await next.ClaimAsync(rig.NewAgent("two")));
        await next.Get<ResourceBook>().ChangeAsync(Key, resource => resource.Release(rig.Clock.GetUtcNow()));
        Assert.Single(await next.ClaimAsync(rig.NewAgent("two")));
    }

    [Fact]
    public async Task Claim_HandOutWasCutShort_GivesThePlaceBackAfterThePatience()
    {
        using var rig = new RunRig(shared: true);
        await LimitAsync(rig, 1);
        await StartAsync(rig, Repository);
        var agent = rig.NewAgent();
        // A process that ended between the resource's row and the agent's.
        await rig.Get<ResourceBook>().ChangeAsync(Key, resource => Assert.IsType<ResourceAdmission.Admitted>(
            resource.Admit(new("fe628d0a3c7f00000000000000ab.one", 1), "work", rig.Clock.GetUtcNow())).After);

        Assert.Empty(await rig.ClaimAsync(agent));
        rig.Clock.Advance(TimeSpan.FromSeconds(31));

        Assert.Single(await rig.ClaimAsync(agent));
    }

    [Fact]
    public async Task Claim_AnotherProcessTookTheTask_LeavesNoPlaceTaken()
    {
        using var one = new RunRig(shared: true);
        using var other = one.OtherProcess();
        await LimitAsync(one, 3);
        await StartAsync(one, Repository);
        var (agent, rival) = (one.NewAgent(), one.NewAgent("rival"));
        one.BeforeWriteTo(Table.Agents, async () => Assert.Single(await other.ClaimAsync(rival)));

        Assert.Empty(await one.ClaimAsync(agent));

        Assert.Single((await ReadAsync(one)).Users);
    }

    [Fact]
    public async Task Advance_RunCancelled_GivesThePlaceBack()
    {
        using var rig = new RunRig();
        await LimitAsync(rig, 1);
        var runId = await StartAsync(rig, Repository);
        Assert.Single(await rig.ClaimAsync(rig.NewAgent()));
        var run = (await rig.Get<RunReader>().RunAsync(RunRig.Tenant, runId))!.CancelRequested("test", rig.Clock.GetUtcNow());
        await rig.Tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, TableWrite.Replace(run.Row))));
        rig.Clock.Advance(TimeSpan.FromSeconds(31));

        await rig.AdvanceAsync(runId);

        Assert.Equal(TaskStatus.Cancelled, (await rig.TaskAsync(runId)).State.Status);
        Assert.Empty((await ReadAsync(rig)).Users);
    }

    [Fact]
    public async Task Settle_SameResultTwice_CountsOnce()
    {
        using var rig = new RunRig();
        await StartAsync(rig, Repository);
        var task = Assert.Single(await rig.ClaimAsync(rig.NewAgent()));
        await EndAsync(rig, task, Unreachable);
        await EndAsync(rig, task, Unreachable);

        Assert.Single((await ReadAsync(rig)).Failures);
    }

    [Fact]
    public async Task Settle_CutShortBeforeTheTasksRow_CountsOnceAllTheSame()
    {
        using var rig = new RunRig(shared: true);
        await StartAsync(rig, Repository);
        var task = Assert.Single(await rig.ClaimAsync(rig.NewAgent()));
        var book = rig.Get<ResourceBook>();
        await book.ChangeAsync(Key, resource => resource.Settle(new(task.TaskId, 1), new(ResourceEvidence.Failed), book.Now));

        await EndAsync(rig, task, Unreachable);

        Assert.Single((await ReadAsync(rig)).Failures);
    }

    [Fact]
    public async Task Claim_TenantPausedToo_WaitsForBoth()
    {
        using var rig = new RunRig();
        await StartAsync(rig, Repository);
        await rig.Get<ResourceBook>().ChangeAsync(Key, resource => resource.Hold("broken", "test", rig.Clock.GetUtcNow()));
        var agent = rig.NewAgent();
        rig.SetStatus(TenantStatus.Paused);
        Assert.Empty(await rig.ClaimAsync(agent));

        await rig.Get<ResourceBook>().ChangeAsync(Key, resource => resource.Release(rig.Clock.GetUtcNow()));
        Assert.Empty(await rig.ClaimAsync(agent));
        rig.SetStatus(TenantStatus.Active);
        rig.Get<IReadyTasks>().Release(RunRig.Tenant);

        Assert.Single(await rig.ClaimAsync(agent));
    }

    [Fact]
    public async Task KeptBack_OfAReadyTask_NamesWhatItWaitsFor()
    {
        using var rig = new RunRig();
        var task = await rig.TaskAsync(await StartAsync(rig, "other", Repository));
        await rig.Get<ResourceBook>().ChangeAsync(Key, resource => resource.Hold("broken", "test", rig.Clock.GetUtcNow()));

        var keptBack = await rig.Get<ResourceReader>().KeptBackAsync([task], rig.Clock.GetUtcNow());

        Assert.Equal(Repository, keptBack![task.TaskId]);
    }

    [Fact]
    public async Task Run_NamesNoResource_ReadsAndWritesAsMuchAsEver()
    {
        using var rig = new RunRig();
        var agent = rig.NewAgent();
        await OneRunAsync(rig, agent);
        var written = new List<string>();
        rig.Tables.Submitting = change =>
        {
            written.AddRange(change.Batches.SelectMany(batch => batch.Writes).Where(write => write.Row.Columns.TryGet("resources", out _)).Select(write => write.Row.RowKey));
            return Task.CompletedTask;
        };
        var (gets, submits) = (rig.Tables.Gets, rig.Tables.Submits);

        await OneRunAsync(rig, agent);

        Assert.Equal((6, 5), (rig.Tables.Gets - gets, rig.Tables.Submits - submits));
        Assert.Empty(written);
    }

    [Fact]
    public async Task Run_NamesAResourceThatIsWell_CostsTwoReadsAndNoWrite()
    {
        using var rig = new RunRig();
        var agent = rig.NewAgent();
        await OneRunAsync(rig, agent);
        var (gets, submits) = (rig.Tables.Gets, rig.Tables.Submits);
        await OneRunAsync(rig, agent);
        var plain = (Gets: rig.Tables.Gets - gets, Submits: rig.Tables.Submits - submits);
        (gets, submits) = (rig.Tables.Gets, rig.Tables.Submits);

        await OneRunAsync(rig, agent, Repository);

        Assert.Equal((plain.Gets + 2, plain.Submits), (rig.Tables.Gets - gets, rig.Tables.Submits - submits));
        Assert.Null(await rig.Tables.GetAsync(Table.Tenants, RunRig.Tenant, RowKeys.Resource(Repository)));
    }

    // Those of one millisecond come in the order of their ids, which is chance.
    private static Task<string> StartAsync(RunRig rig, params string[] resources)
    {
        rig.Clock.Advance(TimeSpan.FromMilliseconds(1));
        return rig.StartAsync(resources);
    }

    private static async Task OneRunAsync(RunRig rig, string agent, params string[] resources)
    {
        var runId = await StartAsync(rig, resources);
        await rig.ReportAsync(Assert.Single(await rig.ClaimAsync(agent)));
        Assert.True((await rig.AdvanceAsync(runId)).Ended);
    }

    private static async Task<string> RoomyAsync(RunRig rig, string name)
    {
        var id = rig.NewAgent(name);
        var agent = (await rig.AgentAsync(id)).Agent;
        rig.Tables.Put(Table.Agents, AgentRow.Write(agent with { Limits = agent.Limits with { MaxConcurrentTasks = 20 } }));
        return id;
    }

    private static async Task LimitAsync(RunRig rig, int cap) =>
        Assert.NotNull(await rig.Get<ResourceBook>().ChangeAsync(Key, resource => resource.With(new ResourceRules(cap, ResourceRules.Default.TypeLimits))));

    private static async Task EndAsync(RunRig rig, TaskRecord task, AttemptOutcome outcome, int? retryAfterSeconds = null) =>
        await rig.Get<AttemptSettler>().SettleAsync(
            [new AttemptReport(task.TaskId, task.State.Attempt, task.State.AgentId!, outcome, RetryAfterSeconds: retryAfterSeconds)], CancellationToken.None);

    private static async Task<Resource> ReadAsync(RunRig rig) => (await rig.Get<ResourceReader>().ReadAsync(RunRig.Tenant, Repository)).Resource;
}
