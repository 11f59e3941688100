using Headgate.Conformance;
using Headgate.Core.Failures;
using Headgate.Core.Runs;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores.Runs;
using Headgate.Ports;
using Microsoft.DurableTask.Client;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Azure.Tests.Sharing;

/// <summary>Wherever a service uses rows it remembers, another service has changed them.</summary>
public sealed class OvertakenRowsTests
{
    [SuiteFact]
    public async Task Claim_TenantPausedElsewhere_HandsNothingOutUntilResumed()
    {
        await using var pair = await Pair.StartAsync();
        var agent = await pair.One.NewAgentAsync("one");
        await KnowEmptyAsync(pair.One, agent);
        var runId = await pair.One.StartAsync();

        await pair.Other.PostAsync("/tenants/acme/pause");
        Assert.Empty((await pair.One.ClaimAsync(agent))!);

        await pair.Other.PostAsync("/tenants/acme/resume");
        pair.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(runId, Assert.Single((await pair.One.ClaimAsync(agent))!).RunId);
    }

    [SuiteFact]
    public async Task Advance_TenantPausedElsewhere_StaysPending()
    {
        await using var pair = await Pair.StartAsync();
        var runId = await pair.One.SubmitAsync("a");

        await pair.Other.PostAsync("/tenants/acme/pause");
        await pair.One.AdvanceAsync(runId);

        Assert.Equal(RunStatus.Pending, (await pair.Other.RunAsync(runId)).Status);
    }

    [SuiteFact]
    public async Task Claim_AgentsLimitLoweredElsewhere_HoldsAtOnce()
    {
        await using var pair = await Pair.StartAsync();
        var agent = await pair.One.NewAgentAsync("one");
        await pair.One.StartAsync();
        await pair.One.StartAsync();
        Assert.Single((await pair.One.ClaimAsync(agent))!);

        await pair.Other.PatchAsync($"/agents/{agent}/settings", new { maxConcurrentTasks = 1 });

        Assert.Empty((await pair.One.ClaimAsync(agent))!);
        Assert.Equal(1, await pair.Other.HeldAsync(agent));
    }

    [SuiteFact]
    public async Task Claim_AgentsRoomTakenElsewhere_HoldsAtOnce()
    {
        await using var pair = await Pair.StartAsync();
        var agent = await pair.One.NewAgentAsync("one");
        await pair.One.PatchAsync($"/agents/{agent}/settings", new { maxConcurrentTasks = 1 });
        await KnowEmptyAsync(pair.One, agent);
        await pair.One.StartAsync();
        await pair.One.StartAsync();

        Assert.Single((await pair.Other.ClaimAsync(agent))!);

        Assert.Empty((await pair.One.ClaimAsync(agent))!);
        Assert.Equal(1, await pair.Other.HeldAsync(agent));
    }

    [SuiteFact]
    public async Task Claim_AgentsRoomFreedElsewhere_GetsTheNextTask()
    {
        await using var pair = await Pair.StartAsync();
        var agent = await pair.One.NewAgentAsync("one");
        await pair.One.PatchAsync($"/agents/{agent}/settings", new { maxConcurrentTasks = 1 });
        string[] runs = [await pair.One.StartAsync(), await pair.One.StartAsync()];
        var first = Assert.Single((await pair.One.ClaimAsync(agent))!);

        await pair.Other.ReportAsync(Succeeded(first));

        Assert.Equal(runs.Single(run => run != first.RunId), Assert.Single((await pair.One.ClaimAsync(agent))!).RunId);
    }

    [SuiteFact]
    public async Task Claim_AgentRemovedElsewhere_IsNoAgentAndTheTaskGoesToAnother()
    {
        await using var pair = await Pair.StartAsync();
        string[] agents = [await pair.One.NewAgentAsync("one"), await pair.One.NewAgentAsync("two")];
        await KnowEmptyAsync(pair.One, agents[0]);
        var runId = await pair.One.StartAsync();

        await pair.Other.DeleteAsync($"/agents/{agents[0]}");

        Assert.Null(await pair.One.ClaimAsync(agents[0]));
        Assert.Equal(runId, Assert.Single((await pair.One.ClaimAsync(agents[1]))!).RunId);
    }

    [SuiteFact]
    public async Task Claim_TaskHandedOutElsewhere_GetsNothingAndReservesNothing()
    {
        await using var pair = await Pair.StartAsync();
        string[] agents = [await pair.One.NewAgentAsync("one"), await pair.One.NewAgentAsync("two")];
        await KnowEmptyAsync(pair.One, agents[0]);
        await pair.One.StartAsync();

        Assert.Single((await pair.Other.ClaimAsync(agents[1]))!);

        Assert.Empty((await pair.One.ClaimAsync(agents[0]))!);
        Assert.Equal((0, 1), (await pair.Other.HeldAsync(agents[0]), await pair.Other.HeldAsync(agents[1])));
    }

    [SuiteFact]
    public async Task Claim_RunCancelledElsewhere_GetsNothingAndTheSlotIsBack()
    {
        await using var pair = await Pair.StartAsync();
        var agent = await pair.One.NewAgentAsync("one");
        await KnowEmptyAsync(pair.One, agent);
        var runId = await pair.One.StartAsync();

        await pair.Other.PostAsync($"/tenants/acme/runs/{runId}/cancel");
        await pair.Other.Get<DurableTaskClient>().WaitForInstanceCompletionAsync(runId);

        Assert.Empty((await pair.One.ClaimAsync(agent))!);
        Assert.Equal(0, await pair.One.HeldAsync(agent));
        Assert.True((await pair.One.AdvanceAsync(runId)).Ended);
        Assert.Equal(RunStatus.Cancelled, (await pair.One.RunAsync(runId)).Status);
        Assert.Equal(0, await pair.One.InFlightAsync());
    }

    [SuiteFact]
    public async Task Settle_SettledElsewhere_KeepsTheFirstOutcome()
    {
        await using var pair = await Pair.StartAsync();
        var agent = await pair.One.NewAgentAsync("one");
        var runId = await pair.One.StartAsync();
        var task = Assert.Single((await pair.One.ClaimAsync(agent))!);

        await pair.Other.ReportAsync(Succeeded(task));
        var late = await pair.One.ReportAsync(Succeeded(task) with { Outcome = new AttemptOutcome.FailedWith(FailureClass.Permanent, "late") });

        var settled = Assert.IsType<ReportResult.Settled>(late);
        Assert.Equal(("completed", true), (settled.Answer, settled.IsRepeat));
        Assert.Equal(TaskStatus.Completed, (await pair.One.Get<RunReader>().TaskAsync(task.TaskId))!.State.Status);
        await pair.One.AdvanceAsync(runId);
        Assert.Equal(RunStatus.Completed, (await pair.Other.RunAsync(runId)).Status);
    }

    [SuiteFact]
    public async Task Settle_LostElsewhere_IsStale()
    {
        await using var pair = await Pair.StartAsync();
        var agent = await pair.One.NewAgentAsync("one");
        await pair.One.StartAsync();
        var task = Assert.Single((await pair.One.ClaimAsync(agent))!);

        await pair.Other.ReportAsync(AttemptReport.Lost(agent, task.TaskId, 1, "silent"));

        Assert.IsType<ReportResult.Stale>(await pair.One.ReportAsync(Succeeded(task)));
        Assert.Equal(TaskStatus.Backoff, (await pair.Other.Get<RunReader>().TaskAsync(task.TaskId))!.State.Status);
    }

    [SuiteFact]
    public async Task Advance_TaskSettledElsewhere_ReleasesWhatNeedsIt()
    {
        await using var pair = await Pair.StartAsync();
        var agent = await pair.One.NewAgentAsync("one");
        var runId = await pair.One.SubmitAsync("a", "b");
        await pair.One.AdvanceAsync(runId);
        var task = Assert.Single((await pair.One.ClaimAsync(agent))!);

        await pair.Other.ReportAsync(Succeeded(task));
        await pair.One.AdvanceAsync(runId);

        Assert.Equal($"{runId}.b", Assert.Single((await pair.One.ClaimAsync(agent))!).TaskId);
    }

    [SuiteFact]
    public async Task Advance_FinishedElsewhere_GivesTheSlotBackOnce()
    {
        await using var pair = await Pair.StartAsync();
        var agent = await pair.One.NewAgentAsync("one");
        string[] runs = [await pair.One.StartAsync(), await pair.One.StartAsync()];
        var task = Assert.Single((await pair.One.ClaimAsync(agent))!);
        await pair.One.ReportAsync(Succeeded(task));

        Assert.True((await pair.Other.AdvanceAsync(task.RunId)).Ended);
        Assert.True((await pair.One.AdvanceAsync(task.RunId)).Ended);

        Assert.Equal(1, await pair.One.InFlightAsync());
        Assert.Equal(RunStatus.Running, (await pair.One.RunAsync(runs.Single(run => run != task.RunId))).Status);
    }

    [SuiteFact]
    public async Task Advance_PendingRunCancelledElsewhere_NeverRuns()
    {
        await using var pair = await Pair.StartAsync();
        var runId = await pair.One.SubmitAsync("a");
        await RequestCancelAsync(pair.Other, runId);

        Assert.True((await pair.One.AdvanceAsync(runId)).Ended);

        var run = await pair.Other.RunAsync(runId);
        Assert.Equal((RunStatus.Cancelled, null), (run.Status, run.StartedAt));
        Assert.Equal(0, await pair.One.InFlightAsync());
    }

    [SuiteFact]
    public async Task Advance_PendingRunOfAPausedTenantCancelledElsewhere_Ends()
    {
        await using var pair = await Pair.StartAsync();
        var runId = await pair.One.SubmitAsync("a");
        await pair.Other.PostAsync("/tenants/acme/pause");
        await RequestCancelAsync(pair.Other, runId);

        Assert.True((await pair.One.AdvanceAsync(runId)).Ended);

        Assert.Equal(RunStatus.Cancelled, (await pair.Other.RunAsync(runId)).Status);
    }

    [SuiteFact]
    public async Task Advance_RunningRunCancelledElsewhere_Cancels()
    {
        await using var pair = await Pair.StartAsync();
        var runId = await pair.One.StartAsync();
        await RequestCancelAsync(pair.Other, runId);

        Assert.True((await pair.One.AdvanceAsync(runId)).Ended);

        Assert.Equal(RunStatus.Cancelled, (await pair.Other.RunAsync(runId)).Status);
    }

    [SuiteFact]
    public async Task Advance_EndedRunCancelledElsewhere_KeepsTheRequestInItsRow()
    {
        await using var pair = await Pair.StartAsync();
        var agent = await pair.One.NewAgentAsync("one");
        var runId = await pair.One.StartAsync();
        await pair.One.ReportAsync(Succeeded(Assert.Single((await pair.One.ClaimAsync(agent))!)));
        await RequestCancelAsync(pair.Other, runId);

        Assert.True((await pair.One.AdvanceAsync(runId)).Ended);

        var run = await pair.Other.RunAsync(runId);
        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.NotNull(run.CancelRequestedAt);
    }

    // Over HTTP, that service would also carry it out.
    private static async Task RequestCancelAsync(Side side, string runId)
    {
        var run = (await side.RunAsync(runId)).CancelRequested("test", DateTimeOffset.UnixEpoch);
        Assert.True((await side.Get<ITableStore>().SubmitAsync(new TableChange(new TableBatch(Table.Tenants, TableWrite.Replace(run.Row))))).Succeeded);
    }

    // The service then knows the agent and that its tenant's pool is empty.
    private static async Task KnowEmptyAsync(Side side, string agentId) => Assert.Empty((await side.ClaimAsync(agentId))!);

    private static AttemptReport Succeeded(TaskRecord task) => new(task.TaskId, task.State.Attempt, task.State.AgentId!, new AttemptOutcome.Succeeded());
}
