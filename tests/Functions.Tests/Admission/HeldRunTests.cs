using Headgate.Core.Admission;
using Headgate.Core.Tenants;
using Headgate.Functions.Admission;
using Headgate.Functions.Options;
using Headgate.Functions.Stores;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;

namespace Headgate.Functions.Tests.Admission;

public sealed class HeldRunTests
{
    [Fact]
    public async Task Wait_SlotGetsFree_AdmittedInTheOrderOfArrival()
    {
        using var rig = new RunRig().WithLimits(slots: 1);
        var running = await rig.AcceptedAsync();
        var first = rig.AskAsync(wait: 10);
        var second = rig.AskAsync(wait: 10);

        await rig.FinishAsync(running);

        var admitted = Assert.IsType<AdmissionResult.Admitted>(await first);
        Assert.False(second.IsCompleted);
        Assert.Equal(1, (await rig.LedgerAsync()).InFlight);
        await rig.FinishAsync(admitted.RunId);
        Assert.IsType<AdmissionResult.Admitted>(await second);
    }

    [Fact]
    public async Task Wait_SlotGetsFreeWhileAnotherAsks_GoesToWhoWasHeld()
    {
        using var rig = new RunRig().WithLimits(slots: 1);
        var running = await rig.AcceptedAsync();
        var held = rig.AskAsync(wait: 10);
        var write = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.BeforeWriteTo(Headgate.Ports.Table.Tenants, () => write.Task);

        var finish = rig.FinishAsync(running);
        var late = rig.AskAsync();
        write.SetResult();
        await finish;

        Assert.IsType<AdmissionResult.Admitted>(await held);
        Assert.IsType<AdmissionResult.Refused>(await late);
    }

    [Fact]
    public async Task Wait_NoSlotInTime_RefusedAsUsual()
    {
        using var rig = new RunRig().WithLimits(slots: 1);
        await rig.AcceptedAsync();
        var held = rig.AskAsync(wait: 10);

        rig.Clock.Advance(TimeSpan.FromSeconds(9.5));
        await rig.Get<TenantGate>().StartWaitingAsync(RunRig.Tenant);
        Assert.False(held.IsCompleted);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));

        var refused = Assert.IsType<AdmissionResult.Refused>(await held);
        Assert.IsType<AdmissionDecision.ConcurrencyLimit>(refused.Decision);
        Assert.True(refused.WasHeld);
        Assert.Equal(1, await rig.CountAsync(RowKeys.RunPrefix));
    }

    [Fact]
    public async Task Wait_RoomInTheQueue_IsQueuedAtOnce()
    {
        using var rig = new RunRig().WithLimits(slots: 1, waiting: 1);
        await rig.AcceptedAsync();

        Assert.True(Assert.IsType<AdmissionResult.Admitted>(await rig.AskAsync(wait: 10)).IsQueued);
    }

    [Fact]
    public async Task Wait_QueueIsFull_GetsThePlaceThatGetsFreeBeforeWhoAsksLater()
    {
        using var rig = new RunRig().WithLimits(slots: 1, waiting: 1);
        var running = await rig.AcceptedAsync();
        var queued = await rig.AcceptedAsync();
        var held = rig.AskAsync(wait: 30);
        Assert.False(held.IsCompleted);

        await rig.FinishAsync(running);

        Assert.Equal("pending", await rig.StatusAsync(queued));
        Assert.True(Assert.IsType<AdmissionResult.Admitted>(await held).IsQueued);
        Assert.IsType<AdmissionResult.Refused>(await rig.AskAsync());
    }

    [Fact]
    public async Task Wait_ProcessHoldsAsManyAsItMay_TheNextIsRefusedAtOnceUntilOneHasEnded()
    {
        using var rig = new RunRig(new HeadgateOptions { Admission = new AdmissionOptions(MaxHeldCalls: 1) }).WithLimits(slots: 1);
        await rig.AcceptedAsync();
        var first = rig.AskAsync(wait: 10);

        Assert.False(Assert.IsType<AdmissionResult.Refused>(await rig.AskAsync(wait: 10)).WasHeld);
        rig.Clock.Advance(TimeSpan.FromSeconds(10));
        await first;

        Assert.False(rig.AskAsync(wait: 10).IsCompleted);
    }

    [Fact]
    public async Task Wait_AdmittedWithoutAnAnswerOfTheStore_FailsAndIsNotAdmittedAgain()
    {
        using var rig = new RunRig().WithLimits(slots: 1);
        var running = await rig.AcceptedAsync();
        var held = rig.AskAsync(wait: 30);
        rig.Tables.Submitted = _ => throw new StoreUnavailableException("The answer was lost.");

        await Assert.ThrowsAsync<StoreUnavailableException>(() => rig.FinishAsync(running));
        rig.Tables.Submitted = null;
        await rig.ChangeAsync(ledger => ledger with { Overrides = ledger.Overrides with { MaxConcurrentRuns = 5 } });

        await Assert.ThrowsAsync<StoreUnavailableException>(() => held);
        Assert.Equal(2, await rig.CountAsync(RowKeys.RunPrefix));
    }

    [Fact]
    public async Task Wait_CallerLeaves_GivesItsPlaceUp()
    {
        using var rig = new RunRig().WithLimits(slots: 1);
        var running = await rig.AcceptedAsync();
        using var leaving = new CancellationTokenSource();
        var gone = rig.AskAsync(wait: 10, leaving: leaving.Token);
        var next = rig.AskAsync(wait: 10);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        await rig.FinishAsync(running);

        Assert.IsType<AdmissionResult.Admitted>(await next);
        Assert.Equal(2, await rig.CountAsync(RowKeys.RunPrefix));
    }

    [Fact]
    public async Task Wait_ManyAreHeld_TheNextIsRefusedAtOnce()
    {
        using var rig = new RunRig(new HeadgateOptions { Admission = new AdmissionOptions(MaxHeldCalls: 1000) }).WithLimits(slots: 1);
        await rig.AcceptedAsync();
        var held = Enumerable.Range(0, 100).Select(_ => rig.AskAsync(wait: 30)).ToList();

        var refused = Assert.IsType<AdmissionResult.Refused>(await rig.AskAsync(wait: 30));

        Assert.False(refused.WasHeld);
        Assert.All(held, each => Assert.False(each.IsCompleted));
        rig.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.All(await Task.WhenAll(held), each => Assert.True(Assert.IsType<AdmissionResult.Refused>(each).WasHeld));
    }

    [Fact]
    public async Task Wait_LimitRaised_AdmitsAsManyAsThereIsRoomFor()
    {
        using var rig = new RunRig().WithLimits(slots: 1);
        await rig.AcceptedAsync();
        var held = Enumerable.Range(0, 5).Select(_ => rig.AskAsync(wait: 30)).ToList();

        await rig.ChangeAsync(ledger => ledger with { Overrides = ledger.Overrides with { MaxConcurrentRuns = 4 } });

        Assert.All(await Task.WhenAll(held.Take(3)), each => Assert.IsType<AdmissionResult.Admitted>(each));
        Assert.All(held.Skip(3), each => Assert.False(each.IsCompleted));
        Assert.Equal(4, (await rig.LedgerAsync()).InFlight);
    }

    [Fact]
    public async Task Wait_TenantPausedMeanwhile_AdmitsNobody()
    {
        using var rig = new RunRig().WithLimits(slots: 1);
        var running = await rig.AcceptedAsync();
        var held = rig.AskAsync(wait: 10);
        await rig.ChangeAsync(ledger => ledger with { Status = TenantStatus.Paused, Pause = new PauseRecord("test", "test", rig.Clock.GetUtcNow(), null) });
        await rig.FinishAsync(running);

        Assert.False(held.IsCompleted);
        rig.Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.IsType<AdmissionDecision.Paused>(Assert.IsType<AdmissionResult.Refused>(await held).Decision);
    }

    [Fact]
    public async Task Wait_SameKeyTwice_OneRunAndItsAnswerTwice()
    {
        using var rig = new RunRig().WithLimits(slots: 1);
        var running = await rig.AcceptedAsync();
        var held = new[] { rig.AskAsync(wait: 10, key: "key"), rig.AskAsync(wait: 10, key: "key") };

        await rig.FinishAsync(running);

        var answers = await Task.WhenAll(held);
        Assert.Equal(Assert.IsType<AdmissionResult.Admitted>(answers[0]).RunId, Assert.IsType<AdmissionResult.Replayed>(answers[1]).RunId);
    }

    [Fact]
    public async Task Wait_SlotFreedInAnotherProcess_IsNoticedWithinASecond()
    {
        using var rig = new RunRig().WithLimits(slots: 1);
        using var other = rig.OtherProcess();
        var running = await rig.AcceptedAsync();
        var held = rig.AskAsync(wait: 10);
        await other.FinishAsync(running);

        rig.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.IsType<AdmissionResult.Admitted>(await held);
    }

    [Fact]
    public async Task Wait_SlotIsFree_IsNotHeld()
    {
        using var rig = new RunRig().WithLimits(slots: 1);

        Assert.IsType<AdmissionResult.Admitted>(await rig.AskAsync(wait: 10));
    }
}
