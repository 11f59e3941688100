using System.Diagnostics.Metrics;
using Headgate.Core.Alerts;
using Headgate.Functions.Alerts;
using Headgate.Functions.Options;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Alerts;
using Headgate.Functions.Telemetry;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;

namespace Headgate.Functions.Tests.Alerts;

public sealed class AlertRoundsTests
{
    private const string Held = "resource-held";
    private const string Drift = "ledger-drift";

    // Not allowed a private address, so nothing is connected to, and every message stays.
    private static readonly HeadgateOptions s_options = new()
    {
        Alerts = AlertOptions.Default with { Receivers = [new("hook", new Uri("http://127.0.0.1:9/"), new byte[24], AllowPrivate: false)] },
    };

    [Fact]
    public async Task Run_WhileAllIsWell_WritesNothingWhereAProcessIsAlone()
    {
        using var rig = new RunRig(s_options);
        var before = rig.Tables.Submits;

        await PassAsync(20, 0, rig);

        Assert.Equal(before, rig.Tables.Submits);
    }

    [Fact]
    public async Task Run_InTheProcessThatFollows_GoesOnFromTheRows()
    {
        using var rig = new RunRig(s_options);
        await PassAsync(3, 1, rig);
        using var next = rig.NextProcess(s_options);
        await PassAsync(2, 1, next);
        Assert.Equal(AlertState.Firing, (await BoardAsync(rig)).Alert(Held).Status.State);
        using var last = rig.NextProcess(s_options);
        await PassAsync(5, 1, last);

        Assert.Equal(Held, Assert.Single((await BoardAsync(rig)).Pending).RuleId);
    }

    [Fact]
    public async Task Run_CounterOfAnotherProcess_IsCountedOnce()
    {
        using var rig = new RunRig(s_options, shared: true);
        using var other = Other(rig);
        await PassAsync(1, 0, rig);
        other.Get<AlertTally>();
        other.Get<Metrics>().LedgerCorrected(2);
        await other.Get<SharedMinutes>().WriteAsync(CancellationToken.None);
        await other.Get<SharedMinutes>().WriteAsync(CancellationToken.None);

        await PassAsync(1, 0, rig);

        var board = await BoardAsync(rig);
        Assert.Equal((AlertState.Firing, 2.0), (board.Alert(Drift).Status.State, board.Alert(Drift).Status.Value));
        Assert.Equal(2, board.Round!.Values[Drift]);
    }

    [Fact]
    public async Task Write_AfterTheStoreWasAway_TellsAllMinutesThatCount()
    {
        using var rig = new RunRig(s_options, shared: true);
        rig.Tables.Failure = new StoreUnavailableException("away");
        for (var i = 0; i < 4; i++)
        {
            rig.Clock.Advance(TimeSpan.FromMinutes(1));
            rig.Get<AlertTally>().Look(AlertSeries.MinuteOf(rig.Clock.GetUtcNow()));
            await Assert.ThrowsAsync<StoreUnavailableException>(() => rig.Get<SharedMinutes>().WriteAsync(CancellationToken.None));
        }

        rig.Tables.Failure = null;
        await rig.Get<SharedMinutes>().WriteAsync(CancellationToken.None);

        Assert.Equal(4, (await BoardAsync(rig)).Minutes.Count);
        var before = rig.Tables.Submits;
        await rig.Get<SharedMinutes>().WriteAsync(CancellationToken.None);
        Assert.Equal(before, rig.Tables.Submits);
    }

    [Fact]
    public async Task Run_OfTwoProcesses_OneEvaluatesUntilItIsSilent()
    {
        using var rig = new RunRig(s_options, shared: true);
        using var other = Other(rig);
        await PassAsync(6, 1, rig, other);
        var holder = rig.Get<ProcessName>().Text;
        Assert.Equal(holder, (await BoardAsync(rig)).Round!.Holder);
        Assert.Null(other.Get<AlertRounds>().LastSeen);

        await PassAsync(5, 1, other);

        var board = await BoardAsync(rig);
        Assert.Equal(other.Get<ProcessName>().Text, board.Round!.Holder);
        Assert.Equal(AlertState.Firing, board.Alert(Held).Status.State);
        Assert.Equal(Held, Assert.Single(board.Pending).RuleId);
    }

    [Fact]
    public async Task Run_AnotherProcessWritesFirst_NothingIsToldTwice()
    {
        using var rig = new RunRig(s_options, shared: true);
        using var other = Other(rig);
        rig.Get<AlertTally>();
        other.Get<AlertTally>();
        rig.Get<Metrics>().LedgerCorrected(1);
        await rig.Get<SharedMinutes>().WriteAsync(CancellationToken.None);
        rig.Tables.Submitting = async change =>
        {
            if (!change.Batches.Any(batch => batch.Writes.Any(write => write.Row.RowKey == RowKeys.AlertRound)))
                return;
            rig.Tables.Submitting = null;
            await other.Get<AlertRounds>().RunAsync(CancellationToken.None);
        };

        await rig.Get<AlertRounds>().RunAsync(CancellationToken.None);

        var board = await BoardAsync(rig);
        Assert.Equal(other.Get<ProcessName>().Text, board.Round!.Holder);
        Assert.Equal(Drift, Assert.Single(board.Pending).RuleId);
        Assert.Null(rig.Get<AlertRounds>().LastSeen);
    }

    [Fact]
    public async Task Run_MinutesOfLongAgo_AreRemoved()
    {
        using var rig = new RunRig(s_options, shared: true);
        await PassAsync(60, 0, rig);

        Assert.InRange((await BoardAsync(rig)).Minutes.Count, 15, 22);
    }

    [Fact]
    public async Task Run_ReceiverWithAsManyMessagesAsItMayHave_DropsTheOldestAndCounts()
    {
        using var rig = new RunRig(s_options);
        var now = rig.Clock.GetUtcNow();
        for (var i = 0; i < AlertRounds.MaxPending; i++)
            rig.Tables.Put(Table.Tenants, new PendingNotification("hook", $"msg_{i}", "old", "{}", now.AddMilliseconds(i), 1, now.AddMinutes(20)).Row());

        await PassAsync(6, 1, rig);

        var board = await BoardAsync(rig);
        Assert.Equal((AlertRounds.MaxPending, 1), (board.Pending.Count, board.Receiver("hook").Dropped));
        Assert.Equal(("msg_1", Held), (board.Pending[0].MessageId, board.Pending[^1].RuleId));
    }

    [Fact]
    public async Task Run_MessageThatNobodyTakesForADay_IsDroppedAndCounted()
    {
        using var rig = new RunRig(s_options);
        await PassAsync(6, 1, rig);
        Assert.Single((await BoardAsync(rig)).Pending);

        for (var i = 0; i < 100; i++)
        {
            rig.Clock.Advance(TimeSpan.FromMinutes(16));
            await rig.Get<NotificationDelivery>().RunAsync(CancellationToken.None);
        }

        var board = await BoardAsync(rig);
        Assert.Empty(board.Pending);
        Assert.Equal((1, "has the address 127.0.0.1, which is not one of the internet's"), (board.Receiver("hook").Dropped, board.Receiver("hook").Problem));
        Assert.InRange(board.Receiver("hook").Failures, 30, NotificationDelivery.MaxAttempts + 20);
    }

    [Fact]
    public async Task Run_RuleAndReceiverThatAreNoMore_AreForgotten()
    {
        using var rig = new RunRig(s_options);
        await PassAsync(6, 1, rig);
        await rig.Get<NotificationDelivery>().RunAsync(CancellationToken.None);
        var before = await BoardAsync(rig);
        Assert.Equal((Held, "hook", 1), (Assert.Single(before.RuleIds), Assert.Single(before.ReceiverNames), before.Pending.Count));

        using var next = rig.NextProcess(new HeadgateOptions { Alerts = new([.. AlertOptions.Default.Rules.Where(rule => rule.Id != Held)], []) });
        await PassAsync(1, 1, next);

        var after = await BoardAsync(rig);
        Assert.Empty(after.RuleIds);
        Assert.Empty(after.ReceiverNames);
        Assert.Empty(after.Pending);
    }

    [Fact]
    public async Task Run_StoreIsAway_CostsTheRoundAlone()
    {
        using var rig = new RunRig(s_options);
        rig.Tables.Failure = new StoreUnavailableException("away");
        await rig.Get<AlertRounds>().RunAsync(CancellationToken.None);
        rig.Tables.Failure = null;

        await PassAsync(6, 1, rig);

        Assert.Equal(AlertState.Firing, (await BoardAsync(rig)).Alert(Held).Status.State);
    }

    /// <summary>Each process measures the same number of held resources, and makes its round.</summary>
    private static async Task PassAsync(int minutes, double held, params RunRig[] processes)
    {
        for (var i = 0; i < minutes; i++)
        {
            processes[0].Clock.Advance(TimeSpan.FromMinutes(1));
            foreach (var process in processes)
            {
                process.Get<Gauges>().Set(Instruments.ResourcesHeld, new Measurement<double>(held));
                await process.Get<AlertRounds>().RunAsync(CancellationToken.None);
            }
        }
    }

    // The rig's chance is the same in each process.
    private static RunRig Other(RunRig rig)
    {
        var other = rig.OtherProcess(s_options);
        other.Get<IRandomSource>().NextDouble();
        return other;
    }

    private static ValueTask<AlertBoard> BoardAsync(RunRig rig) => AlertBoard.ReadAsync(rig.Tables, CancellationToken.None);
}
