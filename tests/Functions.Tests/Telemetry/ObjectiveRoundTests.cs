using Headgate.Core.Objectives;
using Headgate.Core.Runs;
using Headgate.Functions.Maintenance;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Objectives;
using Headgate.Functions.Telemetry;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;

namespace Headgate.Functions.Tests.Telemetry;

public sealed class ObjectiveRoundTests : IDisposable
{
    private readonly RunRig _rig = new();

    [Fact]
    public async Task Read_EventsOfTwoProcessesAndOneThatDied_AddUp()
    {
        using var other = _rig.OtherProcess();
        Note(_rig, good: 98, bad: 1);
        Note(other, good: 0, bad: 1);
        await Task.WhenAll(_rig.Get<ObjectiveRound>().ReadNowAsync(default), other.Get<ObjectiveRound>().ReadNowAsync(default));

        using var next = _rig.NextProcess();
        var reading = await ReadAsync(next);

        Assert.Equal(new Tally(98, 100), reading.Window);
        Assert.Equal(0.6, reading.BudgetLeft, 9);
        Assert.Equal(["5m", "30m", "1h", "6h", "3d"], reading.Rates.Select(rate => ObjectiveRound.NameOf(rate.Window)));
        Assert.All(reading.Rates, rate => Assert.Equal(0.4, rate.Rate, 9));
        Assert.Equal((ObjectiveStanding.Met, 0.95), (reading.Standing, reading.Target));
    }

    [Fact]
    public async Task Read_AsTimeGoes_EachWindowForgetsInItsTime()
    {
        Note(_rig, good: 0, bad: 1);
        Assert.Equal(20, Rate(await ReadAsync(_rig), "5m"), 6);
        Assert.Equal(ObjectiveStanding.Missed, (await ReadAsync(_rig)).Standing);
        _rig.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal((0.0, 20.0), (Rate(await ReadAsync(_rig), "5m"), Math.Round(Rate(await ReadAsync(_rig), "30m"), 6)));
        _rig.Clock.Advance(TimeSpan.FromHours(8));
        Assert.Equal((0.0, 20.0), (Rate(await ReadAsync(_rig), "6h"), Math.Round(Rate(await ReadAsync(_rig), "3d"), 6)));
        _rig.Clock.Advance(TimeSpan.FromDays(4));
        Assert.Equal((0.0, 1L), (Rate(await ReadAsync(_rig), "3d"), (await ReadAsync(_rig)).Window.Total));
        _rig.Clock.Advance(TimeSpan.FromDays(27));
        Assert.DoesNotContain(await _rig.Get<ObjectiveRound>().ReadNowAsync(default), reading => reading.Objective.Id == Indicators.RunSuccess);
        Assert.Empty((await _rig.Tables.QueryAsync(TableQuery.Prefix(Table.Tenants, RowKeys.Service, "slo:"))).Rows);
    }

    [Fact]
    public async Task Read_StoreAway_KeepsWhatWasSeen()
    {
        Note(_rig, good: 1, bad: 0);
        _rig.Tables.Queried = _ => throw new StoreUnavailableException("away");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _rig.Get<ObjectiveRound>().ReadNowAsync(default));
        _rig.Tables.Queried = null;

        Assert.Equal(new Tally(1, 1), (await ReadAsync(_rig)).Window);
    }

    [Fact]
    public async Task Round_OfAServiceAtRest_ReadsNothing()
    {
        var reads = 0;
        _rig.Tables.Queried = _ =>
        {
            reads++;
            return Task.CompletedTask;
        };
        var round = _rig.Get<ObjectiveRound>();
        await round.RunWhenDueAsync(default);
        var first = reads;
        for (var i = 0; i < 5; i++)
        {
            _rig.Clock.Advance(TimeSpan.FromMinutes(1));
            await round.RunWhenDueAsync(default);
        }

        Assert.Equal(first, reads);
        Note(_rig, good: 0, bad: 1);
        _rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await round.RunWhenDueAsync(default);
        Assert.True(reads > first);
    }

    [Fact]
    public async Task Read_AfterARun_CountsItsAdmissionStartAndEndByPlan()
    {
        var runId = await _rig.SubmitAsync();
        _rig.Clock.Advance(TimeSpan.FromSeconds(31));
        await _rig.AdvanceAsync(runId);
        var agent = _rig.NewAgent();
        var task = Assert.Single(await _rig.ClaimAsync(agent));
        await _rig.Get<AttemptSettler>().SettleAsync([new(task.TaskId, 1, agent, new AttemptOutcome.Succeeded())], default);
        await _rig.AdvanceAsync(runId);

        var readings = await _rig.Get<ObjectiveRound>().ReadNowAsync(default);

        Assert.Equal(
            ["admission-latency enterprise 1/1", "start-delay enterprise 0/1", "run-success enterprise 1/1"],
            readings.Select(reading => $"{reading.Objective.Id} {reading.Plan} {reading.Window.Good}/{reading.Window.Total}"));
    }

    [Fact]
    public void Tallies_WrittenAndRead_AreTheSame()
    {
        var tallies = new Dictionary<Series, Tally> { [new("run-success", "pro")] = new(3, 5), [new("availability", "all")] = new(long.MaxValue - 1, long.MaxValue) };

        Assert.Equal(tallies, TallyRow.Read(TallyRow.Write("slo:hour:202601010000", tallies, null)));
    }

    public void Dispose() => _rig.Dispose();

    private static void Note(RunRig rig, int good, int bad)
    {
        for (var i = 0; i < good + bad; i++)
            rig.Get<Indicators>().Note(Indicators.RunSuccess, i < good, "pro");
    }

    private static async Task<ObjectiveReading> ReadAsync(RunRig rig) =>
        Assert.Single(await rig.Get<ObjectiveRound>().ReadNowAsync(default), reading => reading.Objective.Id == Indicators.RunSuccess);

    private static double Rate(ObjectiveReading reading, string window) => reading.Rates.Single(rate => ObjectiveRound.NameOf(rate.Window) == window).Rate;
}
