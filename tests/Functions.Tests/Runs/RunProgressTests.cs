using System.Diagnostics.Metrics;
using Headgate.Core.Failures;
using Headgate.Core.Runs;
using Headgate.Core.Tenants;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Tests.Runs;

public sealed class RunProgressTests
{
    [Fact]
    public async Task Advance_RunStartedElsewhereMeanwhile_TaskHandedOutStaysHandedOut()
    {
        using var rig = new RunRig();
        var agent = rig.NewAgent();
        var runId = await rig.SubmitAsync();

        rig.BeforeWriteTo(Table.Tasks, async () =>
        {
            await rig.AdvanceAsync(runId);
            Assert.Single(await rig.ClaimAsync(agent));
        });
        await rig.AdvanceAsync(runId);

        var task = await rig.TaskAsync(runId);
        Assert.Equal((TaskStatus.Assigned, 1), (task.State.Status, task.State.Attempt));
        Assert.Empty(await rig.ClaimAsync(rig.NewAgent("two")));
    }

    [Fact]
    public async Task Advance_StartWasCutShort_RunsAndOffersItsTask()
    {
        using var rig = new RunRig();
        var runId = await rig.SubmitAsync();
        var run = (await rig.Get<RunReader>().RunAsync(RunRig.Tenant, runId))!;
        var waiting = TaskRecord.Create(run, run.Definition().Tasks[0], TaskPriority.Normal);
        var now = rig.Clock.GetUtcNow();
        rig.Tables.Put(Table.Tasks, TaskRow.Write(waiting.With(waiting.State.To(TaskStatus.Ready, now), now)));

        await rig.AdvanceAsync(runId);

        Assert.Equal(RunStatus.Running, (await rig.Get<RunReader>().RunAsync(RunRig.Tenant, runId))!.Status);
        Assert.Single(await rig.ClaimAsync(rig.NewAgent()));
    }

    [Theory]
    [InlineData(TaskStatus.Assigned)]
    [InlineData(TaskStatus.Completed)]
    public async Task Advance_StartWasCutShortAndItsTaskHandedOut_RunGoesOn(TaskStatus status)
    {
        using var rig = new RunRig();
        var runId = await rig.SubmitAsync();
        var run = (await rig.Get<RunReader>().RunAsync(RunRig.Tenant, runId))!;
        var waiting = TaskRecord.Create(run, run.Definition().Tasks[0], TaskPriority.Normal);
        var now = rig.Clock.GetUtcNow();
        var held = waiting.State.To(TaskStatus.Ready, now).To(TaskStatus.Assigned, now) with { Attempt = 1, AgentId = rig.NewAgent(), AssignedAt = now };
        rig.Tables.Put(Table.Tasks, TaskRow.Write(waiting.With(status == TaskStatus.Assigned ? held : held.To(status, now), now)));

        await rig.AdvanceAsync(runId);

        var wanted = status == TaskStatus.Assigned ? RunStatus.Running : RunStatus.Completed;
        Assert.Equal(wanted, (await rig.Get<RunReader>().RunAsync(RunRig.Tenant, runId))!.Status);
        Assert.Equal(status, (await rig.TaskAsync(runId)).State.Status);
    }

    [Fact]
    public async Task Advance_BackoffEnds_WhatTheAgentHadGoesBeforeTheTaskIsOffered()
    {
        using var rig = new RunRig();
        var agent = rig.NewAgent();
        var runId = await rig.StartAsync();
        var task = Assert.Single(await rig.ClaimAsync(agent));
        await rig.Get<AttemptSettler>().SettleAsync([AttemptReport.Lost(agent, task.TaskId, 1, "test")], CancellationToken.None);

        IReadOnlyList<TableBatch> batches = [];
        rig.Tables.Submitting = change =>
        {
            batches = change.Batches;
            return Task.CompletedTask;
        };
        await rig.AdvanceAsync(runId);

        Assert.Equal([Table.Tasks, Table.Agents, Table.Ready], batches.Select(batch => batch.Table));
    }

    [Fact]
    public async Task Advance_FailureWasCutShortBehindItsTask_TheTaskIsADeadLetterAllTheSame()
    {
        using var rig = new RunRig();
        var runId = await rig.StartAsync();
        var task = Assert.Single(await rig.ClaimAsync(rig.NewAgent()));
        var now = rig.Clock.GetUtcNow();
        rig.Tables.Put(Table.Tasks, TaskRow.Write(task.With(task.State.To(TaskStatus.Failed, now), now)));

        await rig.AdvanceAsync(runId);

        Assert.Equal(RunStatus.Failed, (await rig.Get<RunReader>().RunAsync(RunRig.Tenant, runId))!.Status);
        Assert.NotNull(await rig.Tables.GetAsync(Table.DeadLetters, RunRig.Tenant, task.TaskId));
    }

    [Fact]
    public async Task Look_TaskInBackoff_OverdueOnlyOnceItHasEnded()
    {
        using var rig = new RunRig();
        var runId = await rig.StartAsync();
        var task = Assert.Single(await rig.ClaimAsync(rig.NewAgent()));
        await rig.Get<AttemptSettler>().SettleAsync(
            [new(task.TaskId, task.State.Attempt, task.State.AgentId!, new AttemptOutcome.FailedWith(FailureClass.Network, "away"))], CancellationToken.None);
        var retryAt = (await rig.TaskAsync(runId)).State.NextRetryAt!.Value;

        Assert.Equal((false, retryAt), await LookAsync(rig, runId));
        rig.Clock.Advance(retryAt - rig.Clock.GetUtcNow());
        Assert.True((await LookAsync(rig, runId)).IsOverdue);
        await rig.AdvanceAsync(runId);
        Assert.Equal((false, null), await LookAsync(rig, runId));
    }

    [Fact]
    public async Task Look_LastTaskEndedAndNobodyWasTold_Overdue()
    {
        using var rig = new RunRig();
        var runId = await rig.StartAsync();
        var task = Assert.Single(await rig.ClaimAsync(rig.NewAgent()));
        Assert.False((await LookAsync(rig, runId)).IsOverdue);

        await rig.Get<AttemptSettler>().SettleAsync([RunRig.Succeeded(task)], CancellationToken.None);

        Assert.True((await LookAsync(rig, runId)).IsOverdue);
    }

    [Fact]
    public async Task Look_PendingRun_OverdueUnlessItsTenantIsHeld()
    {
        using var rig = new RunRig();
        var runId = await rig.SubmitAsync();

        Assert.True((await LookAsync(rig, runId)).IsOverdue);
        rig.SetStatus(TenantStatus.Paused);
        Assert.False((await LookAsync(rig, runId)).IsOverdue);
    }

    private static async ValueTask<(bool IsOverdue, DateTimeOffset? QuietUntil)> LookAsync(RunRig rig, string runId) =>
        await rig.Get<RunProgress>().LookAsync((await rig.Get<RunReader>().RunAsync(RunRig.Tenant, runId))!, CancellationToken.None);

    [Fact]
    public async Task Advance_TaskPastItsTimeout_IsCountedAsAnAttempt()
    {
        using var rig = new RunRig();
        using var listener = new MeterListener();
        var seen = new List<string>();
        var meters = rig.Get<IMeterFactory>();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Name == "headgate.attempts")
                own.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => seen.Add(string.Join(' ', tags.ToArray().Select(tag => tag.Value))));
        listener.Start();
        var runId = await rig.StartAsync();
        await rig.ClaimAsync(rig.NewAgent());

        rig.Clock.Advance(TimeSpan.FromSeconds(90));
        await rig.AdvanceAsync(runId);

        Assert.Equal(["work failure timeout"], seen);
    }
}
