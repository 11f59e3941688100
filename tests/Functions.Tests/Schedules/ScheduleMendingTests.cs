using Headgate.Core.Schedules;
using Headgate.Functions.Schedules;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Schedules;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;

namespace Headgate.Functions.Tests.Schedules;

/// <summary>What a process that was cut short, or a clock that was ahead, has left of schedules.</summary>
public sealed class ScheduleMendingTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Beside one that is damaged, and without the runs, which may be large.</summary>
    [Fact]
    public async Task Mend_EntryIsLost_IsListedAgain()
    {
        using var rig = new RunRig();
        var damaged = ScheduleRow.Write(rig.Schedule("a"));
        rig.Tables.Put(Table.Tenants, damaged.With(new Columns(damaged.Columns) { ["timeZone"] = null }));
        var schedule = rig.Schedule();
        await rig.Tables.SubmitAsync(new TableChange(DueSchedule.Of(schedule)!.Gone()));
        var queries = new List<TableQuery>();
        rig.Tables.Queried = query =>
        {
            queries.Add(query);
            return Task.CompletedTask;
        };

        await rig.Get<ScheduleMending>().MendAsync(RunRig.Tenant, CancellationToken.None);

        Assert.Contains(DueSchedule.Of(schedule)!, await rig.ListedAsync());
        Assert.Equal(ScheduleRow.WithoutRun, queries[0].Columns!);
        Assert.Equal(0, rig.Tables.GetsOf(RowKeys.Schedule("hourly")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_ClockWasAYearAhead_GoesOnAfterItIsRight(bool inAnotherProcess)
    {
        using var rig = new RunRig();
        using var other = rig.NextProcess();
        var begun = rig.Schedule(overlap: OverlapRule.Queue);
        rig.Clock.Advance(TimeSpan.FromMinutes(30));
        rig.Wall.Offset = TimeSpan.FromDays(365);
        await rig.RoundAsync();
        await rig.FinishAsync(Assert.Single(await rig.RunsAsync()).RunId);

        rig.Wall.Offset = TimeSpan.Zero;
        await (inAnotherProcess ? other : rig).AfterAsync(Hour);

        Assert.Equal(["run", "run"], (await rig.RunsAsync()).Select(run => run.Name));
        Assert.Equal(begun.CreatedAt + Hour, (await rig.ReadAsync()).Last!.At);
        Assert.Single(await rig.ListedAsync());
        // Once: it costs a read a schedule.
        var queries = 0;
        rig.Tables.Queried = query => Task.FromResult(queries += query.From == RowKeys.SchedulePrefix ? 1 : 0);
        await (inAnotherProcess ? other : rig).RoundAsync();
        Assert.Equal(0, queries);
    }

    [Fact]
    public async Task Run_ClockWasAheadWhileOneWaited_IsLookedAtAfterItIsRight()
    {
        using var rig = new RunRig();
        rig.Schedule(overlap: OverlapRule.Queue);
        await rig.AfterAsync(Hour);
        var first = Assert.Single(await rig.RunsAsync()).RunId;
        rig.Wall.Offset = TimeSpan.FromMinutes(50);
        await rig.AfterAsync(TimeSpan.FromMinutes(10));
        Assert.NotNull((await rig.ReadAsync()).State.WaitingAt);

        rig.Wall.Offset = TimeSpan.Zero;
        await rig.FinishAsync(first);
        await rig.RoundAsync();

        Assert.Equal(2, (await rig.RunsAsync()).Count);
    }

    /// <summary>Another process has the wrong clock, and dies while this one goes on.</summary>
    [Fact]
    public async Task Run_AnotherProcessWasAhead_IsMendedWithinHalfAMinute()
    {
        using var rig = new RunRig(shared: true);
        using var other = rig.OtherProcess();
        var begun = rig.Schedule();
        await rig.AfterAsync(TimeSpan.FromMinutes(30));
        rig.Wall.Offset = TimeSpan.FromDays(365);
        await other.RoundAsync();
        await rig.FinishAsync(Assert.Single(await rig.RunsAsync()).RunId);
        rig.Wall.Offset = TimeSpan.Zero;

        await rig.AfterAsync(TimeSpan.FromSeconds(30));
        await rig.AfterAsync(TimeSpan.FromMinutes(29) + TimeSpan.FromSeconds(30));

        Assert.Equal(2, (await rig.RunsAsync()).Count);
        Assert.Equal(begun.CreatedAt + Hour, (await rig.ReadAsync()).Last!.At);
    }
}
