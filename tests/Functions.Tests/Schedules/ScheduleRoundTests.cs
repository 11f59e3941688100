using Headgate.Core.Schedules;
using Headgate.Core.Tenants;
using Headgate.Functions.Api.Schedules;
using Headgate.Functions.Maintenance;
using Headgate.Functions.Schedules;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Schedules;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;

namespace Headgate.Functions.Tests.Schedules;

/// <summary>Rounds over schedules that are due, in one process and in several.</summary>
public sealed class ScheduleRoundTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Run_Due_AdmitsItsRunAndMovesOn()
    {
        using var rig = new RunRig();
        var begun = rig.Schedule();

        await rig.AfterAsync(Hour - TimeSpan.FromMilliseconds(1));
        Assert.Empty(await rig.RunsAsync());
        await rig.AfterAsync(TimeSpan.FromMilliseconds(1));

        var run = Assert.Single(await rig.RunsAsync());
        var after = await rig.ReadAsync();
        Assert.Equal(("run", "schedule", "hourly"), (run.Name, run.Origin, run.Schedule));
        Assert.Equal(new LastFire(begun.CreatedAt + Hour, LastFire.Admitted, run.RunId), after.Last);
        Assert.Equal((begun.CreatedAt + (2 * Hour), run.RunId), (after.State.NextAt!.Value, after.PreviousRunId));
        Assert.Equal([DueSchedule.Of(after)!], await rig.ListedAsync());
        var audit = Assert.Single((await rig.Tables.QueryAsync(new TableQuery(Table.Audit, RunRig.Tenant))).Rows);
        Assert.Equal(("schedule:hourly", "run.submitted", run.RunId), (audit.Columns.String("actor"), audit.Columns.String("action"), audit.Columns.String("target")));
    }

    [Fact]
    public async Task Run_ByFourProcessesAtOnce_FiresEachOccurrenceOnce()
    {
        using var rig = new RunRig(shared: true);
        using var second = rig.OtherProcess();
        using var third = rig.OtherProcess();
        using var fourth = rig.OtherProcess();
        rig.Schedule("a", overlap: OverlapRule.Skip);
        rig.Schedule("b", overlap: OverlapRule.Skip);
        // Each process looks before any has written.
        var looking = 0;
        var all = new TaskCompletionSource();
        rig.Tables.Queried = async query =>
        {
            if (query.PartitionKey != RowKeys.DueSchedules)
                return;
            if (Interlocked.Increment(ref looking) == 4)
                all.SetResult();
            await all.Task;
        };
        rig.Clock.Advance(Hour);

        await rig.WhileTimePassesAsync(Task.WhenAll(new[] { rig, second, third, fourth }.Select(async process =>
        {
            await process.RoundAsync();
            return true;
        })));

        Assert.Equal(["a", "b"], (await rig.RunsAsync()).Select(run => run.Schedule!).Order(StringComparer.Ordinal));
        Assert.Equal(2, (await rig.LedgerAsync()).InFlight);
        Assert.All([await rig.ReadAsync("a"), await rig.ReadAsync("b")], schedule => Assert.Equal(LastFire.Admitted, schedule.Last!.Outcome));
    }

    /// <summary>The process dies after each batch of rows that it writes, or before it hears of the last one; another one goes on.</summary>
    [Fact]
    public async Task Run_CutShortAnywhere_FiresOnceAndStaysListed()
    {
        var cuts = 0;
        for (var isCut = true; isCut; cuts++)
        {
            using var rig = new RunRig(shared: true);
            using var next = rig.OtherProcess();
            var begun = rig.Schedule();
            rig.Clock.Advance(Hour);
            CutAfter(rig, cuts);
            isCut = await Record.ExceptionAsync(rig.RoundAsync) is StoreUnavailableException;
            rig.Tables.Submitting = null;
            await next.RoundAsync();

            var run = Assert.Single(await rig.RunsAsync());
            var after = await rig.ReadAsync();
            Assert.Equal((run.RunId, begun.CreatedAt + (2 * Hour)), (after.Last!.RunId, after.State.NextAt!.Value));
            Assert.Contains(DueSchedule.Of(after)!, await rig.ListedAsync());
            // What was left in the list goes when it is surely stale.
            rig.Clock.Advance(TimeSpan.FromMinutes(20));
            await next.RoundAsync();
            Assert.Equal([DueSchedule.Of(after)!], await rig.ListedAsync());
        }

        Assert.True(cuts > 4, $"Only {cuts} places were tried.");
    }

    [Fact]
    public async Task Run_NobodyThereForDays_FiresTheLatestOnly()
    {
        using var rig = new RunRig();
        var latest = rig.Schedule("latest");
        rig.Schedule("none", catchUp: CatchUpRule.None);

        await rig.AfterAsync(TimeSpan.FromDays(3) + TimeSpan.FromMinutes(30));
        await rig.RoundAsync();

        Assert.Equal("latest", Assert.Single(await rig.RunsAsync()).Schedule);
        Assert.Equal(latest.CreatedAt.AddDays(3), (await rig.ReadAsync("latest")).Last!.At);
        Assert.Equal(new LastFire(latest.CreatedAt.AddDays(3), LastFire.Skipped, null, "missed"), (await rig.ReadAsync("none")).Last);
    }

    [Theory]
    [InlineData(0, LastFire.Refused, "concurrency-limit")]
    [InlineData(5, LastFire.Admitted, null)]
    public async Task Run_TenantIsFull_RecordsTheRefusalOrWaitsInTheQueue(int waiting, string outcome, string? code)
    {
        using var rig = new RunRig().WithLimits(slots: 0, waiting);
        rig.Schedule();

        await rig.AfterAsync(Hour);

        var last = (await rig.ReadAsync()).Last!;
        Assert.Equal((outcome, code), (last.Outcome, last.Code));
        if (code is null)
            Assert.Equal("queued", await rig.StatusAsync(last.RunId!));
        else
            Assert.Empty(await rig.RunsAsync());
    }

    [Theory]
    [InlineData(TenantStatus.Paused, "tenant-paused")]
    [InlineData(TenantStatus.Suspended, "tenant-not-active")]
    [InlineData(TenantStatus.Deactivated, "tenant-not-active")]
    public async Task Run_TenantTakesNoRuns_FiresNothingAndSaysWhy(TenantStatus status, string code)
    {
        using var rig = new RunRig();
        rig.Schedule();
        rig.SetStatus(status);

        await rig.AfterAsync(Hour);
        await rig.RoundAsync();

        Assert.Empty(await rig.RunsAsync());
        Assert.Equal((LastFire.Refused, code), ((await rig.ReadAsync()).Last!.Outcome, (await rig.ReadAsync()).Last!.Code));
    }

    [Fact]
    public async Task Run_PolicyIsGone_RecordsThat()
    {
        using var rig = new RunRig();
        rig.Schedule(policy: "gone");

        await rig.AfterAsync(Hour);

        Assert.Equal("invalid-request", (await rig.ReadAsync()).Last!.Code);
        Assert.Single(await rig.ListedAsync());
    }

    [Fact]
    public async Task Run_LastRunLives_IsSkippedUntilItHasEnded()
    {
        using var rig = new RunRig();
        rig.Schedule();

        await rig.AfterAsync(Hour);
        await rig.AfterAsync(Hour);
        var skipped = (await rig.ReadAsync()).Last!;
        await rig.FinishAsync(Assert.Single(await rig.RunsAsync()).RunId);
        await rig.AfterAsync(Hour);

        Assert.Equal((LastFire.Skipped, "overlap"), (skipped.Outcome, skipped.Code));
        Assert.Equal(2, (await rig.RunsAsync()).Count);
    }

    [Theory]
    [InlineData(OverlapRule.Queue)]
    [InlineData(OverlapRule.CancelPrevious)]
    public async Task Run_LastRunLives_WaitsForItsEnd(OverlapRule overlap)
    {
        using var rig = new RunRig();
        var begun = rig.Schedule(overlap: overlap);
        await rig.AfterAsync(Hour);
        var first = Assert.Single(await rig.RunsAsync()).RunId;

        await rig.AfterAsync(Hour);
        await rig.RoundAsync();
        var between = (await rig.RunsAsync()).Single();
        await rig.FinishAsync(first);
        await rig.AfterAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(overlap == OverlapRule.CancelPrevious ? "schedule:hourly" : null, between.CancelledBy);
        Assert.Equal(2, (await rig.RunsAsync()).Count);
        Assert.Equal(begun.CreatedAt + (2 * Hour), (await rig.ReadAsync()).Last!.At);
        Assert.Single(await rig.ListedAsync());
    }

    [Fact]
    public async Task Run_OneTenantHasManyDue_KeepsNobodyElsesWaiting()
    {
        using var rig = new RunRig();
        for (var i = 0; i < 600; i++)
            rig.Schedule($"s{i}");
        await rig.OtherTenantAsync("zoo");
        rig.Schedule(tenant: "zoo");
        // Each write takes a second: the round ends before it has fired all.
        rig.Tables.Submitting = _ =>
        {
            rig.Clock.Advance(TimeSpan.FromSeconds(1));
            return Task.CompletedTask;
        };

        await rig.AfterAsync(Hour);

        Assert.Single(await rig.RunsAsync("zoo"));
        Assert.Contains(await rig.ListedAsync(), due => due.TenantId == RunRig.Tenant && due.At <= rig.Clock.GetUtcNow());
        rig.Tables.Submitting = null;
        await rig.RoundAsync();
        Assert.All(await rig.ListedAsync(), due => Assert.True(due.At > rig.Clock.GetUtcNow()));
    }

    [Fact]
    public async Task Run_ManyWaitForTheEndOfARun_KeepNobodyElsesWaiting()
    {
        using var rig = new RunRig();
        var runId = await rig.SubmitAsync();
        var run = (await rig.Tables.GetAsync(Table.Tenants, RunRig.Tenant, RowKeys.Run(runId)))!;
        for (var i = 0; i < 500; i++)
        {
            rig.Tables.Put(Table.Tenants, run with { PartitionKey = $"t{i}" });
            rig.Tables.Put(Table.Tenants, ScheduleRow.Write(rig.Schedule(tenant: $"t{i}", overlap: OverlapRule.Queue) with { PreviousRunId = runId }));
        }

        await rig.OtherTenantAsync("zoo");
        rig.Schedule(tenant: "zoo", everySeconds: 3601);

        await rig.AfterAsync(Hour + TimeSpan.FromSeconds(1));

        Assert.Single(await rig.RunsAsync("zoo"));
        Assert.All(await rig.ListedAsync(), due => Assert.True(due.At > rig.Clock.GetUtcNow()));
        var reads = rig.Tables.GetsOf(RowKeys.Schedule("hourly"));
        await rig.RoundAsync();
        Assert.Equal(reads, rig.Tables.GetsOf(RowKeys.Schedule("hourly")));
        await rig.AfterAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(reads + 500, rig.Tables.GetsOf(RowKeys.Schedule("hourly")));
        Assert.Equal(501, (await rig.ListedAsync()).Count);
    }

    [Fact]
    public async Task Run_OneIsDamaged_TheOthersAreFired()
    {
        using var rig = new RunRig();
        var damaged = rig.Schedule("a");
        var row = ScheduleRow.Write(damaged);
        rig.Tables.Put(Table.Tenants, row.With(new Columns(row.Columns) { ["body0"] = null }));
        rig.Schedule("b");

        await rig.AfterAsync(Hour);

        Assert.Equal("b", Assert.Single(await rig.RunsAsync()).Schedule);
        // It leaves its place to others until somebody tries again.
        Assert.All(await rig.ListedAsync(), due => Assert.True(due.At > rig.Clock.GetUtcNow()));
        Assert.Equal(["a", "b"], (await rig.ListedAsync()).Select(due => due.Name));
    }

    [Fact]
    public async Task Removal_OfTheTenant_TakesItsSchedulesOffTheList()
    {
        using var rig = new RunRig();
        var now = rig.Clock.GetUtcNow();
        rig.Schedule();
        rig.SetStatus(TenantStatus.Deactivated);
        rig.Tables.Put(Table.Tenants, ProfileRow.Write(RunRig.Tenant, new TenantProfile("Acme", now.AddDays(-60), now.AddDays(-30))));
        rig.Tables.Put(Table.Tenants, DeletedTenantRow.Written(RunRig.Tenant, now.AddDays(-30), "ops").Writes[0].Row);

        await rig.Get<TenantRemoval>().RunAsync(new WokenRuns(), now, CancellationToken.None);

        Assert.Empty(await rig.ListedAsync());
        Assert.Null(await rig.Tables.GetAsync(Table.Tenants, RunRig.Tenant, RowKeys.Schedule("hourly")));
    }

    [Theory]
    [InlineData("0 * * * *", "Europe/Atlantis", "unknown-time-zone")]
    [InlineData("@every_second", "UTC", "invalid-request")]
    public async Task Run_TimesCantBeToldAnyMore_SaysSoAndGoesOnWhenTheyCan(string cron, string zone, string code)
    {
        using var rig = new RunRig();
        var begun = rig.Schedule();
        await rig.ChangeAsync(schedule => schedule with { Definition = schedule.Definition with { EverySeconds = null, Cron = cron, TimeZone = zone } });

        Assert.Null(ScheduleViews.Whole(await rig.ReadAsync()).NextFireAt);
        await rig.AfterAsync(Hour);
        var after = await rig.ReadAsync();
        await rig.ChangeAsync(schedule => schedule with { Definition = schedule.Definition with { Cron = "0 * * * *", TimeZone = "UTC" } });
        await rig.AfterAsync(Hour - TimeSpan.FromMilliseconds(1));
        Assert.Empty(await rig.RunsAsync());
        await rig.AfterAsync(TimeSpan.FromMilliseconds(1));

        Assert.Equal((new LastFire(begun.CreatedAt + Hour, LastFire.Refused, null, code), begun.CreatedAt + (2 * Hour)), (after.Last, after.DueAt));
        Assert.Equal(begun.CreatedAt + (2 * Hour), (await rig.ReadAsync()).Last!.At);
        Assert.Single(await rig.RunsAsync());
    }

    [Theory]
    [InlineData("pause", "tenant-paused")]
    [InlineData("suspend", "tenant-not-active")]
    [InlineData("month", "monthly-limit")]
    [InlineData("policy", "invalid-request")]
    public async Task Run_CancelPreviousAndTheGateRefuses_LeavesTheRunAlone(string what, string code)
    {
        using var rig = new RunRig().WithLimits(slots: 5, monthly: what == "month" ? 1 : 1000);
        var begun = rig.Schedule(overlap: OverlapRule.CancelPrevious);
        await rig.AfterAsync(Hour);
        if (what == "pause")
            rig.SetStatus(TenantStatus.Paused);
        else if (what == "suspend")
            rig.SetStatus(TenantStatus.Suspended);
        else if (what == "policy")
            await rig.ChangeAsync(schedule => schedule with { Definition = schedule.Definition with { Run = schedule.Definition.Run with { Tasks = [schedule.Definition.Run.Tasks[0] with { PolicyName = "gone" }] } } });

        await rig.AfterAsync(Hour);

        var after = await rig.ReadAsync();
        Assert.Null(Assert.Single(await rig.RunsAsync()).CancelRequestedAt);
        Assert.Equal(new LastFire(begun.CreatedAt + (2 * Hour), LastFire.Refused, null, code), after.Last);
        Assert.Equal((null, begun.CreatedAt + (3 * Hour)), (after.State.WaitingAt, after.DueAt!.Value));
    }

    [Fact]
    public async Task Run_BecomesCancelPreviousWhileOneWaits_CancelsTheRun()
    {
        using var rig = new RunRig();
        rig.Schedule(overlap: OverlapRule.Queue);
        await rig.AfterAsync(Hour);
        await rig.AfterAsync(Hour);
        Assert.Null(Assert.Single(await rig.RunsAsync()).CancelledBy);

        await rig.ChangeAsync(schedule => schedule with { Definition = schedule.Definition with { Overlap = OverlapRule.CancelPrevious } });
        await rig.AfterAsync(TimeSpan.FromSeconds(5));

        Assert.Equal("schedule:hourly", Assert.Single(await rig.RunsAsync()).CancelledBy);
    }

    [Fact]
    public async Task Run_EntryThatItsScheduleDoesNotKnow_GoesTenMinutesAfterItWasWritten()
    {
        using var rig = new RunRig();
        var now = rig.Clock.GetUtcNow();
        // Its schedule is about to be written, by somebody who catches up.
        var entry = new DueSchedule(now - Hour, RunRig.Tenant, "new");
        rig.Tables.Put(Table.Tenants, entry.Written(now).Writes[0].Row);

        await rig.RoundAsync();
        await rig.AfterAsync(TimeSpan.FromMinutes(10));
        Assert.Equal([entry], await rig.ListedAsync());
        // It is written once more while it is taken for stale.
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        rig.Tables.Submitting = change =>
        {
            if (change.Batches[0].Writes[0].Row.PartitionKey == RowKeys.DueSchedules)
                rig.Tables.Put(Table.Tenants, entry.Written(rig.Clock.GetUtcNow()).Writes[0].Row);
            return Task.CompletedTask;
        };
        await rig.RoundAsync();
        Assert.Equal([entry], await rig.ListedAsync());
        rig.Tables.Submitting = null;
        await rig.AfterAsync(TimeSpan.FromMinutes(11));

        Assert.Empty(await rig.ListedAsync());
    }

    private static void CutAfter(RunRig rig, int batches)
    {
        var left = batches;
        rig.Tables.Submitting = async change =>
        {
            if (left > change.Batches.Count)
            {
                left -= change.Batches.Count;
                return;
            }

            rig.Tables.Submitting = null;
            if (left > 0)
                await rig.Tables.SubmitAsync(new TableChange([.. change.Batches.Take(left)], []));
            throw new StoreUnavailableException("The process died.");
        };
    }
}
