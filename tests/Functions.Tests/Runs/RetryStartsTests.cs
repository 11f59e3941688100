using Headgate.Core.Admission;
using Headgate.Core.Failures;
using Headgate.Core.Plans;
using Headgate.Core.Runs;
using Headgate.Functions.Admission;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Tests.Runs;

public sealed class RetryStartsTests
{
    [Fact]
    public async Task Retry_OfARunWithoutBudgetAndATenantWithoutBound_WritesNothingMore()
    {
        using var rig = new RunRig();
        var agent = rig.NewAgent();
        var runId = await SubmitAsync(rig, tasks: 1);
        await FailAllAsync(rig, agent, runId);
        rig.Clock.Advance(TimeSpan.FromMinutes(10));
        var submits = rig.Tables.Submits;

        await rig.AdvanceAsync(runId);

        Assert.Equal(1, rig.Tables.Submits - submits);
        Assert.Null(await rig.Tables.GetAsync(Table.Tasks, runId, RowKeys.RunRetries));
        Assert.Null(await rig.Tables.GetAsync(Table.Tenants, RunRig.Tenant, RowKeys.TenantRetries));
        Assert.Equal([1], await StartedAsync(rig, runId));
    }

    [Fact]
    public async Task Retry_OfARunWithABudget_IsCountedWithItsTask()
    {
        using var rig = new RunRig();
        var agent = rig.NewAgent();
        var runId = await SubmitAsync(rig, tasks: 3, budget: 3);
        await FailAllAsync(rig, agent, runId);
        rig.Clock.Advance(TimeSpan.FromMinutes(10));
        await rig.AdvanceAsync(runId);

        Assert.Equal(3, (await rig.Tables.GetAsync(Table.Tasks, runId, RowKeys.RunRetries))!.Columns.Int("started"));
        // A fourth is beyond it, and ends its task and the run.
        await FailAllAsync(rig, agent, runId);
        await rig.AdvanceAsync(runId);

        var run = (await rig.Get<RunReader>().RunAsync(RunRig.Tenant, runId))!;
        Assert.Equal((RunStatus.Failed, "task-exhausted"), (run.Status, run.FailureCode));
        Assert.Contains("retry budget of 3", run.FailureMessage, StringComparison.Ordinal);
        Assert.All(await rig.Get<RunReader>().TasksAsync(runId), task => Assert.Equal(TaskStatus.Exhausted, task.State.Status));
    }

    [Fact]
    public async Task Retry_StartedByTwoProcessesAtOnce_IsCountedOnce()
    {
        using var rig = new RunRig();
        using var other = rig.OtherProcess();
        var agent = rig.NewAgent();
        var runId = await SubmitAsync(rig, tasks: 2, budget: 2);
        await FailAllAsync(rig, agent, runId);
        rig.Clock.Advance(TimeSpan.FromMinutes(10));
        rig.BeforeWriteTo(Table.Tasks, () => other.AdvanceAsync(runId));

        await rig.AdvanceAsync(runId);

        Assert.Equal([1, 1], await StartedAsync(rig, runId));
        Assert.Equal(2, (await rig.Tables.GetAsync(Table.Tasks, runId, RowKeys.RunRetries))!.Columns.Int("started"));
    }

    [Fact]
    public async Task Retry_BeyondTheTenantsMinute_WaitsForTheNextAndFailsNothing()
    {
        using var rig = Bounded(perMinute: 2);
        var agent = rig.NewAgent();
        var runId = await SubmitAsync(rig, tasks: 5);
        await FailAllAsync(rig, agent, runId);
        rig.Clock.Advance(TimeSpan.FromMinutes(10));

        var wake = await rig.AdvanceAsync(runId);

        Assert.Equal(2, (await StartedAsync(rig, runId)).Sum());
        Assert.InRange(wake.WakeAt!.Value - rig.Clock.GetUtcNow(), TimeSpan.Zero, TimeSpan.FromMinutes(2));
        var started = new List<int>();
        for (var minute = 0; minute < 3; minute++)
        {
            rig.Clock.Advance(TimeSpan.FromMinutes(1));
            for (var looks = 0; looks < 3; looks++)
                await rig.AdvanceAsync(runId);
            started.Add((await StartedAsync(rig, runId)).Sum());
        }

        Assert.All(started.Zip([2, .. started]), pair => Assert.InRange(pair.First - pair.Second, 0, 2));
        rig.Clock.Advance(TimeSpan.FromMinutes(5));
        await rig.AdvanceAsync(runId);
        Assert.Equal(5, (await StartedAsync(rig, runId)).Sum());
        Assert.All(await rig.Get<RunReader>().TasksAsync(runId), task => Assert.Equal(TaskStatus.Ready, task.State.Status));
    }

    [Fact]
    public async Task Retry_OfTwoRunsInTwoProcesses_SharesTheTenantsMinute()
    {
        using var rig = Bounded(perMinute: 3);
        using var other = rig.OtherProcess();
        var agent = rig.NewAgent();
        var first = await SubmitAsync(rig, tasks: 2);
        await FailAllAsync(rig, agent, first);
        var second = await SubmitAsync(rig, tasks: 2);
        await FailAllAsync(rig, agent, second);
        rig.Clock.Advance(TimeSpan.FromMinutes(10));
        rig.BeforeWriteTo(Table.Tasks, () => other.AdvanceAsync(second));

        await rig.AdvanceAsync(first);

        Assert.Equal((1, 2), ((await StartedAsync(rig, first)).Sum(), (await StartedAsync(rig, second)).Sum()));
        var tenant = (await rig.Get<TenantReader>().ReadAsync(RunRig.Tenant))!;
        Assert.Equal(3, tenant.Retries.StartedIn(RetryBudgets.MinuteOf(rig.Clock.GetUtcNow())));
    }

    private static RunRig Bounded(int perMinute)
    {
        var rig = new RunRig();
        var ledger = Ledger.Open("enterprise", new LimitOverrides(RetriesPerMinute: perMinute), rig.Clock.GetUtcNow());
        rig.Tables.Put(Table.Tenants, LedgerRow.Write(RunRig.Tenant, ledger, null));
        return rig;
    }

    private static async Task<string> SubmitAsync(RunRig rig, int tasks, int? budget = null)
    {
        var all = Enumerable.Range(0, tasks).Select(i => new TaskDefinition($"t{i}", "work", [], null, new Dictionary<string, string>(), 60, "default", 5, null, null)).ToList();
        var application = new RunApplication(
            RunRig.Tenant, new RunDefinition("run", "normal", null, all, RetryBudget: budget), RunOrigin.Api, null, (run, _) => System.Text.Encoding.UTF8.GetBytes(run.RunId), null);
        var admitted = Assert.IsType<AdmissionResult.Admitted>((await rig.Get<RunAdmission>().ApplyAsync(application, CancellationToken.None)).Value);
        await rig.AdvanceAsync(admitted.RunId);
        return admitted.RunId;
    }

    /// <summary>Hands out what is ready and lets it fail so that it is tried again.</summary>
    private static async Task FailAllAsync(RunRig rig, string agent, string runId)
    {
        for (var tasks = await rig.ClaimAsync(agent, max: 3); tasks.Count > 0; tasks = await rig.ClaimAsync(agent, max: 3))
        {
            Assert.All(tasks, task => Assert.Equal(runId, task.RunId));
            await rig.Get<AttemptSettler>().SettleAsync(
                [.. tasks.Select(task => RunRig.Succeeded(task) with { Outcome = new AttemptOutcome.FailedWith(FailureClass.Network, "no") })], CancellationToken.None);
        }
    }

    private static async Task<IEnumerable<int>> StartedAsync(RunRig rig, string runId) => (await rig.Get<RunReader>().TasksAsync(runId)).Select(task => task.State.RetriesStarted);
}
