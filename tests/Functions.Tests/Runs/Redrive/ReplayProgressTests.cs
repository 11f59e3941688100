using Headgate.Core.Failures;
using Headgate.Core.Runs;
using Headgate.Core.Tenants;
using Headgate.Functions.Admission;
using Headgate.Functions.Runs;
using Headgate.Functions.Runs.Redrive;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;

namespace Headgate.Functions.Tests.Runs.Redrive;

public sealed class ReplayProgressTests : IDisposable
{
    private const int MostSteps = 50;

    private readonly RunRig _rig = new();
    private readonly string _agent;

    public ReplayProgressTests() => _agent = _rig.NewAgent();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Step_CutShortAtAnyWrite_CountsEachLetterOnceAndReplaysNoneTwice()
    {
        for (var writes = 1; ; writes++)
        {
            var failed = await FailAsync(3);
            var replay = await BeginAsync(failed.Count);
            var isCut = false;
            var left = writes;
            _rig.Tables.Submitting = _ =>
            {
                isCut = --left <= 0;
                return isCut ? throw new StoreUnavailableException("cut") : Task.CompletedTask;
            };
            while (!isCut && !await StepAsync(replay))
            {
            }

            _rig.Tables.Submitting = null;
            await StepToEndAsync(replay);

            var done = (await _rig.Get<ReplayProgress>().FindAsync(RunRig.Tenant, replay, CancellationToken.None))!;
            Assert.Equal((3, 3, 0, "completed"), (done.Replayed, done.Runs, done.Skipped, done.State));
            Assert.Equal(3, (await _rig.Get<TenantReader>().ReadAsync(RunRig.Tenant))!.Ledger.InFlight);
            Assert.Empty((await _rig.Tables.QueryAsync(new TableQuery(Table.DeadLetters, RunRig.Tenant))).Rows);
            await CompleteAsync(failed);
            if (!isCut)
                return;
        }
    }

    [Fact]
    public async Task Step_TwoAtOnceOverTheSameLetters_ReplayEachOnce()
    {
        var failed = await FailAsync(4);
        using var other = _rig.OtherProcess();
        var (one, two) = (await BeginAsync(4), await BeginAsync(4));
        for (var steps = 0; !await StepAsync(one) | !(await other.Get<ReplayProgress>().StepAsync(RunRig.Tenant, two, CancellationToken.None)).Ended; steps++)
            Assert.InRange(steps, 0, MostSteps);

        var records = new[] { await FindAsync(one), await FindAsync(two) };
        Assert.Equal(4, records.Sum(record => record.Replayed));
        Assert.Equal(4, (await _rig.Get<TenantReader>().ReadAsync(RunRig.Tenant))!.Ledger.InFlight);
        Assert.Equal(4, failed.Count);
    }

    [Fact]
    public async Task Step_TenantPaused_WaitsLongerEachTimeAndGoesOn()
    {
        await FailAsync(1);
        var replay = await BeginAsync(1);
        await SetStatusAsync(TenantStatus.Paused);

        var waits = new List<double>();
        for (var i = 0; i < 7; i++)
            waits.Add(((await _rig.Get<ReplayProgress>().StepAsync(RunRig.Tenant, replay, CancellationToken.None)).WakeAt!.Value - _rig.Clock.GetUtcNow()).TotalSeconds);

        Assert.Equal([1, 2, 4, 8, 16, 30, 30], waits);
        var waiting = await FindAsync(replay);
        Assert.Equal(("waiting", "tenant-paused", 7), (waiting.State, waiting.LastRefusal, waiting.Refusals["tenant-paused"]));
        await SetStatusAsync(TenantStatus.Active);
        Assert.True(await StepAsync(replay));
        Assert.Equal(("completed", 1), ((await FindAsync(replay)).State, (await FindAsync(replay)).Replayed));
    }

    [Fact]
    public async Task Step_AtARate_WaitsForWhatItAdmitted()
    {
        await FailAsync(5);
        var replay = await BeginAsync(5, rate: 2);

        var wake = await _rig.Get<ReplayProgress>().StepAsync(RunRig.Tenant, replay, CancellationToken.None);

        Assert.Equal((_rig.Clock.GetUtcNow().AddSeconds(1), 2), (wake.WakeAt, (await FindAsync(replay)).Runs));
    }

    [Fact]
    public async Task Step_WaitingForAWeek_GivesUp()
    {
        await FailAsync(1);
        var replay = await BeginAsync(1);
        await SetStatusAsync(TenantStatus.Paused);
        Assert.False(await StepAsync(replay));

        _rig.Clock.Advance(TimeSpan.FromDays(7.1));

        Assert.True(await StepAsync(replay));
        Assert.Equal("expired", (await FindAsync(replay)).State);
    }

    [Fact]
    public async Task Step_RunHasNotEndedYet_ComesBackToIt()
    {
        var running = await _rig.StartAsync();
        var task = Assert.Single(await _rig.ClaimAsync(_agent));
        await _rig.Get<AttemptSettler>().SettleAsync([new AttemptReport(task.TaskId, task.State.Attempt, _agent, new AttemptOutcome.FailedWith(FailureClass.Auth, "no"))], CancellationToken.None);
        _rig.Tables.Put(Table.DeadLetters, Letter(running));
        var replay = await BeginAsync(1);

        Assert.False(await StepAsync(replay));
        Assert.Equal(("waiting", "busy", 0), ((await FindAsync(replay)).State, (await FindAsync(replay)).LastRefusal, (await FindAsync(replay)).Skipped));

        await _rig.AdvanceAsync(running);
        await StepToEndAsync(replay);
        Assert.Equal(1, (await FindAsync(replay)).Replayed);
    }

    [Fact]
    public async Task Step_RunThatCannotBeRead_IsPassedOver()
    {
        var failed = await FailAsync(2);
        var row = (await _rig.Tables.GetAsync(Table.Tenants, RunRig.Tenant, RowKeys.Run(failed[0])))!;
        _rig.Tables.Put(Table.Tenants, row with { Columns = new Columns(1) { { "status", "failed" } } });
        var replay = await BeginAsync(2);

        await StepToEndAsync(replay);

        var done = await FindAsync(replay);
        Assert.Equal((1, 1, 1), (done.Replayed, done.Skipped, done.Refusals["error"]));
    }

    [Fact]
    public async Task Step_LettersOfOneRunOnTheEdgeOfAPage_AllGo()
    {
        var failed = (await FailAsync(1))[0];
        for (var i = 0; i < 1500; i++)
        {
            var columns = new Columns(6) { { "runId", failed }, { "type", "work" }, { "errorCategory", i == 1499 ? "network" : "auth" }, { "errorMessage", "m" }, { "attempts", 1 }, { "at", _rig.Clock.GetUtcNow().AddSeconds(-1) } };
            _rig.Tables.Put(Table.DeadLetters, new TableRow(RunRig.Tenant, $"{failed}.t{i:D4}", columns));
        }

        var replay = await BeginAsync(1, category: "network");
        await StepToEndAsync(replay);

        Assert.Equal(1, (await FindAsync(replay)).Runs);
    }

    private TableRow Letter(string runId) => new(
        RunRig.Tenant,
        $"{runId}.one",
        new Columns(6) { { "runId", runId }, { "type", "work" }, { "errorCategory", "auth" }, { "errorMessage", "m" }, { "attempts", 1 }, { "at", _rig.Clock.GetUtcNow().AddSeconds(-1) } });

    // Through the gate: a ledger that changes behind its back is a conflict, after which it waits on a clock that stands still here.
    private async Task SetStatusAsync(TenantStatus status) => await _rig.Get<TenantGate>().ChangeAsync(
        RunRig.Tenant,
        (tenant, now) => new TenantEdit<bool>(true, tenant.Ledger with { Status = status, Pause = status == TenantStatus.Paused ? new PauseRecord("test", "test", now, null) : null }));

    private async Task StepToEndAsync(string replay)
    {
        for (var steps = 0; !await StepAsync(replay); steps++)
            Assert.InRange(steps, 0, MostSteps);
    }

    private async Task<bool> StepAsync(string replay)
    {
        try
        {
            return (await _rig.Get<ReplayProgress>().StepAsync(RunRig.Tenant, replay, CancellationToken.None)).Ended;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    private async Task<ReplayRecord> FindAsync(string replay) => (await _rig.Get<ReplayProgress>().FindAsync(RunRig.Tenant, replay, CancellationToken.None))!;

    private async Task<string> BeginAsync(int matching, double rate = 100, string? category = null)
    {
        _rig.Clock.Advance(TimeSpan.FromSeconds(1));
        var now = _rig.Clock.GetUtcNow();
        var id = _rig.Get<NewestFirstIds>().Next(now);
        await _rig.Get<ReplayProgress>().WriteAsync(new ReplayRecord(RunRig.Tenant, id, new(category, Until: now), 1000, false, rate, matching, now, "test"), [], CancellationToken.None);
        return id;
    }

    private async Task<List<string>> FailAsync(int count)
    {
        var runs = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var run = await _rig.StartAsync();
            var task = Assert.Single(await _rig.ClaimAsync(_agent));
            await _rig.Get<AttemptSettler>().SettleAsync([new AttemptReport(task.TaskId, task.State.Attempt, _agent, new AttemptOutcome.FailedWith(FailureClass.Auth, "no"))], CancellationToken.None);
            await _rig.AdvanceAsync(run);
            runs.Add(run);
        }

        return runs;
    }

    private async Task CompleteAsync(List<string> failed)
    {
        foreach (var run in failed)
        {
            var replay = (await _rig.Get<RunReader>().RunAsync(RunRig.Tenant, run))!.ReplayedAs!;
            await _rig.AdvanceAsync(replay);
            await _rig.ReportAsync(Assert.Single(await _rig.ClaimAsync(_agent)));
            await _rig.AdvanceAsync(replay);
        }
    }
}
