using System.Text;
using Headgate.Core.Admission;
using Headgate.Core.Runs;
using Headgate.Core.Tenants;
using Headgate.Functions.Admission;
using Headgate.Functions.Maintenance;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;

namespace Headgate.Functions.Tests.Admission;

public sealed class WaitQueueTests
{
    [Fact]
    public async Task Submit_OverTheCap_WaitsAndIsNotInFlight()
    {
        using var rig = new RunRig().WithLimits(slots: 1, waiting: 2);
        await rig.AcceptedAsync();

        var queued = Assert.IsType<AdmissionResult.Admitted>(await rig.AskAsync());
        var full = Assert.IsType<AdmissionDecision.QueueFull>(await FullAsync(rig));

        Assert.True(queued.IsQueued);
        Assert.Equal("queued", await rig.StatusAsync(queued.RunId));
        var ledger = await rig.LedgerAsync();
        Assert.Equal((1, 2, 1), (ledger.InFlight, ledger.WaitingRuns, ledger.RunsThisMonth));
        Assert.Equal((1, 2), (await rig.CountAsync(RowKeys.LivePrefix), await rig.CountAsync(RowKeys.WaitPrefix)));
        Assert.Equal((2, 2), (full.CurrentUsage, full.Limit));

        static async Task<AdmissionDecision> FullAsync(RunRig rig)
        {
            await rig.AcceptedAsync();
            return Assert.IsType<AdmissionResult.Refused>(await rig.AskAsync()).Decision;
        }
    }

    [Fact]
    public async Task Finish_OthersWait_TheNextTakesTheSlotInTheSameWrite()
    {
        using var rig = new RunRig().WithLimits(slots: 1, waiting: 5);
        var running = await rig.AcceptedAsync();
        var low = await rig.AcceptedAsync("low");
        var high = await rig.AcceptedAsync("high");
        OutgoingMessage[] sent = [];
        var writes = 0;
        rig.Tables.Submitting = change =>
        {
            (sent, writes) = ([.. change.Messages], writes + 1);
            return Task.CompletedTask;
        };

        await rig.FinishAsync(running);

        Assert.Equal(1, writes);
        Assert.Equal($"{high}:1", Assert.Single(sent).MessageId);
        Assert.Equal(("pending", "queued"), (await rig.StatusAsync(high), await rig.StatusAsync(low)));
        var ledger = await rig.LedgerAsync();
        Assert.Equal((1, 1, 2), (ledger.InFlight, ledger.WaitingRuns, ledger.RunsThisMonth));
        Assert.Equal((1, 1), (await rig.CountAsync(RowKeys.LivePrefix), await rig.CountAsync(RowKeys.WaitPrefix)));
    }

    [Fact]
    public async Task Finish_RunThatHadWaited_LearnsOnlyHowLongItHadItsSlot()
    {
        using var rig = new RunRig().WithLimits(slots: 1, waiting: 5);
        var first = await rig.AcceptedAsync();
        var second = await rig.AcceptedAsync();
        rig.Clock.Advance(TimeSpan.FromSeconds(100));
        await rig.FinishAsync(first);
        rig.Clock.Advance(TimeSpan.FromSeconds(100));
        await rig.FinishAsync(second);

        var ledger = await rig.LedgerAsync();

        Assert.Equal((100.0, 100.0), (ledger.AverageRunSeconds, ledger.AverageWaitSeconds));
    }

    [Fact]
    public async Task Limit_Raised_StartsAsManyAsThereIsRoomForInOrder()
    {
        using var rig = new RunRig().WithLimits(slots: 1, waiting: 50);
        await rig.AcceptedAsync();
        var waiting = new List<string>();
        for (var i = 0; i < 50; i++)
            waiting.Add(await rig.AcceptedAsync());

        await rig.ChangeAsync(ledger => ledger with { Overrides = ledger.Overrides with { MaxConcurrentRuns = 45 } });

        var ledger = await rig.LedgerAsync();
        Assert.Equal((45, 6), (ledger.InFlight, ledger.WaitingRuns));
        Assert.Equal(45, await rig.CountAsync(RowKeys.LivePrefix));
        Assert.All(await Task.WhenAll(waiting.Take(44).Select(rig.StatusAsync)), status => Assert.Equal("pending", status));
        Assert.All(await Task.WhenAll(waiting.Skip(44).Select(rig.StatusAsync)), status => Assert.Equal("queued", status));
    }

    [Fact]
    public async Task Limit_Lowered_StopsNothingAndStartsNothing()
    {
        using var rig = new RunRig().WithLimits(slots: 3, waiting: 5);
        string[] running = [await rig.AcceptedAsync(), await rig.AcceptedAsync(), await rig.AcceptedAsync()];
        var waiting = await rig.AcceptedAsync();

        await rig.ChangeAsync(ledger => ledger with { Overrides = ledger.Overrides with { MaxConcurrentRuns = 1 } });
        await rig.FinishAsync(running[0]);
        await rig.FinishAsync(running[1]);

        Assert.Equal("queued", await rig.StatusAsync(waiting));
        Assert.Equal(1, (await rig.LedgerAsync()).InFlight);
        await rig.FinishAsync(running[2]);
        Assert.Equal("pending", await rig.StatusAsync(waiting));
    }

    [Fact]
    public async Task Paused_SlotIsFree_HoldsTheQueueUntilResumed()
    {
        using var rig = new RunRig().WithLimits(slots: 1, waiting: 5);
        var running = await rig.AcceptedAsync();
        var waiting = await rig.AcceptedAsync();
        await rig.ChangeAsync(ledger => ledger with { Status = TenantStatus.Paused, Pause = new PauseRecord("test", "test", rig.Clock.GetUtcNow(), null) });
        await rig.FinishAsync(running);

        Assert.Equal("queued", await rig.StatusAsync(waiting));
        Assert.Equal(0, (await rig.LedgerAsync()).InFlight);

        await rig.ChangeAsync(ledger => ledger with { Status = TenantStatus.Active, Pause = null });
        Assert.Equal("pending", await rig.StatusAsync(waiting));
    }

    [Fact]
    public async Task PauseWithAnEnd_ComesToIt_TheSweepStartsWhatWaits()
    {
        using var rig = new RunRig().WithLimits(slots: 1, waiting: 5);
        var running = await rig.AcceptedAsync();
        var waiting = await rig.AcceptedAsync();
        var until = rig.Clock.GetUtcNow().AddMinutes(1);
        await rig.ChangeAsync(ledger => ledger with { Status = TenantStatus.Paused, Pause = new PauseRecord("test", "test", rig.Clock.GetUtcNow(), until) });
        await rig.FinishAsync(running);
        rig.Clock.Advance(TimeSpan.FromMinutes(2));
        using var next = rig.NextProcess();

        await next.Get<RunRepair>().RunAsync(new WokenRuns(), CancellationToken.None);

        Assert.Equal("pending", await next.StatusAsync(waiting));
        Assert.Equal(TenantStatus.Active, (await next.LedgerAsync()).Status);
    }

    [Fact]
    public async Task MonthUsedUp_RunsWait_StayInTheQueueUntilTheNext()
    {
        using var rig = new RunRig().WithLimits(slots: 1, waiting: 5, monthly: 1);
        await rig.ChangeAsync(ledger => ledger with { Overrides = ledger.Overrides with { MaxMonthlyRuns = 2 } });
        var running = await rig.AcceptedAsync();
        string[] waiting = [await rig.AcceptedAsync(), await rig.AcceptedAsync()];
        await rig.FinishAsync(running);
        await rig.FinishAsync(waiting[0]);

        Assert.Equal("queued", await rig.StatusAsync(waiting[1]));
        Assert.IsType<AdmissionDecision.MonthlyLimit>(Assert.IsType<AdmissionResult.Refused>(await rig.AskAsync()).Decision);

        rig.Clock.Advance(TimeSpan.FromDays(31));
        await rig.Get<TenantGate>().StartWaitingAsync(RunRig.Tenant);
        Assert.Equal("pending", await rig.StatusAsync(waiting[1]));
        Assert.Equal(1, (await rig.LedgerAsync()).RunsThisMonth);
    }

    [Fact]
    public async Task Deactivated_RunsWait_EndsThemAll()
    {
        using var rig = new RunRig().WithLimits(slots: 1, waiting: 200);
        await rig.AcceptedAsync();
        var waiting = new List<string>();
        for (var i = 0; i < 120; i++)
            waiting.Add(await rig.AcceptedAsync());

        await rig.ChangeAsync(ledger => ledger with { Status = TenantStatus.Deactivated });
        await rig.Get<TenantGate>().StartWaitingAsync(RunRig.Tenant);

        Assert.Equal(0, (await rig.LedgerAsync()).WaitingRuns);
        Assert.Equal(0, await rig.CountAsync(RowKeys.WaitPrefix));
        Assert.All(await Task.WhenAll(waiting.Select(rig.StatusAsync)), status => Assert.Equal("cancelled", status));
    }

    [Fact]
    public async Task Cancel_RunThatWaits_EndsAtOnceAndGivesUpItsPlace()
    {
        using var rig = new RunRig().WithLimits(slots: 1, waiting: 5);
        await rig.AcceptedAsync();
        var first = await rig.AcceptedAsync();
        await rig.AcceptedAsync();
        var run = (await rig.Get<RunReader>().RunAsync(RunRig.Tenant, first))!;

        var cancelled = await rig.Get<TenantGate>().SubmitAsync(RunRig.Tenant, new CancelWaiting(run, "somebody"));
        var again = await rig.Get<TenantGate>().SubmitAsync(RunRig.Tenant, new CancelWaiting(run, "somebody"));

        Assert.Equal((RunStatus.Cancelled, "somebody"), (cancelled.Value!.Status, cancelled.Value.CancelledBy));
        Assert.Null(again.Value);
        Assert.Equal(1, (await rig.LedgerAsync()).WaitingRuns);
        Assert.Equal("cancelled", await rig.StatusAsync(first));
    }

    [Fact]
    public async Task Submit_SameKeyTwice_OneRunWaits()
    {
        using var rig = new RunRig().WithLimits(slots: 1, waiting: 5);
        await rig.AcceptedAsync();

        var answers = await Task.WhenAll(rig.AskAsync(key: "key"), rig.AskAsync(key: "key"));

        var queued = Assert.Single(answers.OfType<AdmissionResult.Admitted>());
        var replayed = Assert.Single(answers.OfType<AdmissionResult.Replayed>());
        Assert.Equal((queued.RunId, "1"), (replayed.RunId, Encoding.UTF8.GetString(replayed.Answer)));
        Assert.Equal(1, (await rig.LedgerAsync()).WaitingRuns);
    }

    [Fact]
    public async Task Positions_ByPriorityThenAge_AreWhatTheAnswersSaid()
    {
        using var rig = new RunRig().WithLimits(slots: 1, waiting: 5);
        await rig.AcceptedAsync();
        var low = Assert.IsType<AdmissionResult.Admitted>(await rig.AskAsync("low"));
        var high = Assert.IsType<AdmissionResult.Admitted>(await rig.AskAsync("high"));
        var normal = Assert.IsType<AdmissionResult.Admitted>(await rig.AskAsync());

        var places = await rig.Get<WaitQueue>().PlacesAsync(RunRig.Tenant, CancellationToken.None);

        Assert.Equal(["1", "1", "2"], new[] { low, high, normal }.Select(run => Encoding.UTF8.GetString(run.Answer)));
        Assert.Equal([3, 1, 2], new[] { low, high, normal }.Select(run => places[run.RunId].Position));
        Assert.Equal(3, (await rig.Get<WaitQueue>().PlaceOfAsync(RunRig.Tenant, low.RunId, CancellationToken.None))!.Position);
        Assert.Null(places[low.RunId].EstimatedStartAt);
    }

    [Fact]
    public async Task Place_ItsRunIsGone_IsPassedOver()
    {
        using var rig = new RunRig().WithLimits(slots: 1, waiting: 5);
        var running = await rig.AcceptedAsync();
        var lost = await rig.AcceptedAsync();
        var next = await rig.AcceptedAsync();
        await rig.Tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, TableWrite.DeleteIfExists(RunRig.Tenant, RowKeys.Run(lost)))));

        await rig.FinishAsync(running);

        Assert.Equal("pending", await rig.StatusAsync(next));
        Assert.Equal(0, (await rig.LedgerAsync()).WaitingRuns);
    }

    [Fact]
    public async Task Finish_InAnotherProcess_StartsWhatWasQueuedInThisOne()
    {
        using var rig = new RunRig().WithLimits(slots: 1, waiting: 5);
        using var other = rig.OtherProcess();
        var running = await rig.AcceptedAsync();
        // Both draw the same chance: what they do in one millisecond has one id.
        rig.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await other.AcceptedAsync();
        rig.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var second = await rig.WhileTimePassesAsync(rig.AcceptedAsync());

        await rig.WhileTimePassesAsync(Finish(other, running));
        var first = (await rig.Tables.QueryAsync(TableQuery.Prefix(Table.Tenants, RunRig.Tenant, RowKeys.LivePrefix))).Rows.Select(LiveRow.RunIdOf).Single();
        await rig.WhileTimePassesAsync(Finish(rig, first));

        Assert.Equal("pending", await other.StatusAsync(second));
        Assert.Equal((1, 0), ((await rig.LedgerAsync()).InFlight, (await rig.LedgerAsync()).WaitingRuns));

        static async Task<bool> Finish(RunRig process, string runId)
        {
            await process.FinishAsync(runId);
            return true;
        }
    }

    [Fact]
    public async Task Advance_RunThatWaits_DoesNothing()
    {
        using var rig = new RunRig().WithLimits(slots: 1, waiting: 5);
        await rig.AcceptedAsync();
        var waiting = await rig.AcceptedAsync();

        Assert.True((await rig.AdvanceAsync(waiting)).Ended);
        Assert.Equal("queued", await rig.StatusAsync(waiting));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public async Task Repair_CountOfWaitingIsWrong_IsPutRightAfterTwoLooks(int counted)
    {
        using var rig = new RunRig().WithLimits(slots: 1, waiting: 5);
        var running = await rig.AcceptedAsync();
        var waiting = await rig.AcceptedAsync();
        rig.Tables.Put(Table.Tenants, LedgerRow.Write(RunRig.Tenant, await rig.LedgerAsync() with { WaitingRuns = counted }, null));
        using var next = rig.NextProcess();

        for (var round = 0; round < 3; round++)
        {
            await next.Get<RunRepair>().RunAsync(new WokenRuns(), CancellationToken.None);
            rig.Clock.Advance(TimeSpan.FromMinutes(11));
        }

        Assert.Equal(1, (await next.LedgerAsync()).WaitingRuns);
        await next.FinishAsync(running);
        Assert.Equal("pending", await next.StatusAsync(waiting));
    }
}
