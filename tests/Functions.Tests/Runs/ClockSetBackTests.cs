using Headgate.Core.Admission;
using Headgate.Core.Failures;
using Headgate.Core.Metering;
using Headgate.Core.Runs;
using Headgate.Functions.Options;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Headgate.TestKit;
using Xunit;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Tests.Runs;

/// <summary>Rows that a clock has written which was set back since.</summary>
public sealed class ClockSetBackTests
{
    [Fact]
    public async Task Advance_BackoffThatEndsInAnHour_IsRewrittenAndEndsWithinItsPolicy()
    {
        using var rig = new RunRig();
        var agent = rig.NewAgent();
        var runId = await rig.StartAsync();
        var task = Assert.Single(await rig.ClaimAsync(agent));
        var failed = RunRig.Succeeded(task) with { Outcome = new AttemptOutcome.FailedWith(FailureClass.Network, "why") };
        await rig.Get<AttemptSettler>().SettleAsync([failed], CancellationToken.None);
        var stored = await rig.TaskAsync(runId);
        rig.Tables.Put(Table.Tasks, TaskRow.Write(stored with { State = stored.State with { NextRetryAt = stored.State.NextRetryAt + TimeSpan.FromHours(1) } }));

        var run = (await rig.Get<RunReader>().RunAsync(RunRig.Tenant, runId))!;
        Assert.True((await rig.Get<RunProgress>().LookAsync(run, CancellationToken.None)).IsOverdue);
        var wake = await rig.AdvanceAsync(runId);

        Assert.InRange((wake.WakeAt!.Value - rig.Clock.GetUtcNow()).TotalSeconds, 0, 7.5);
        Assert.Equal(wake.WakeAt, Assert.Single((await rig.AgentAsync(agent)).Holdings).NextRetryAt);
        rig.Clock.Advance(wake.WakeAt.Value - rig.Clock.GetUtcNow());
        await rig.AdvanceAsync(runId);
        Assert.Equal(TaskStatus.Ready, (await rig.TaskAsync(runId)).State.Status);
    }

    [Theory]
    [InlineData(-3600, true)]
    [InlineData(-1, false)]
    [InlineData(3600, false)]
    public void Begin_AfterTheClockWasSet_LooksAtAllRunsWhereItWasSetBack(int seconds, bool isDue)
    {
        var clock = new WallClock();
        var watch = new RunWatch(Arrangement.Alone, new HeadgateOptions(), clock);
        watch.Begin(new HashSet<string> { RunRig.Tenant });
        watch.BeginWhole(RunRig.Tenant);
        watch.IsDue(RunRig.Tenant, "run", clock.GetUtcNow(), 0);
        watch.Well(RunRig.Tenant, "run", clock.GetUtcNow() + TimeSpan.FromMinutes(5));

        clock.Offset = TimeSpan.FromSeconds(seconds);
        clock.Ticking.Advance(TimeSpan.FromSeconds(1));
        watch.Begin(new HashSet<string> { RunRig.Tenant });

        Assert.Equal(isDue ? ["run"] : [], watch.DueRuns(RunRig.Tenant));
    }

    [Fact]
    public void Read_LedgerOfTwoMonths_LosesNothing()
    {
        var ledger = Ledger.Open("free", new(), new DateTimeOffset(2030, 1, 31, 0, 0, 0, TimeSpan.Zero)) with { RunsThisMonth = 50 };
        ledger = ledger.Metered(new UsageCounts(Accepted: 1), 0, new DateTimeOffset(2030, 2, 1, 0, 0, 0, TimeSpan.Zero));

        Assert.Equal(ledger, LedgerRow.Read(LedgerRow.Write(RunRig.Tenant, ledger, null)));
    }
}
