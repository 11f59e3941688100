using Headgate.Core.Failures;
using Headgate.Core.Runs;
using Headgate.Core.Tenants;
using Headgate.Functions.Admission;
using Headgate.Functions.Maintenance;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tests.Support;
using Xunit;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Tests.Runs;

/// <summary>What this process has begun ends after its time, whatever the clock on the wall is set to meanwhile; a time that people have named is that time.</summary>
public sealed class ClockJumpTests : IDisposable
{
    private readonly RunRig _rig = new();
    private readonly WokenRuns _woken = new();

    [Theory]
    [InlineData(-3600)]
    [InlineData(-3)]
    [InlineData(3)]
    [InlineData(3600)]
    public async Task Advance_ClockSetDuringABackoff_EndsItAfterItsTimeAndOnce(int seconds)
    {
        var runId = await _rig.StartAsync();
        var task = Assert.Single(await _rig.ClaimAsync(_rig.NewAgent()));
        var failed = RunRig.Succeeded(task) with { Outcome = new AttemptOutcome.FailedWith(FailureClass.Network, "why") };
        await _rig.Get<AttemptSettler>().SettleAsync([failed], CancellationToken.None);
        var wait = (await _rig.TaskAsync(runId)).State.NextRetryAt!.Value - _rig.Wall.GetUtcNow();

        _rig.Wall.Offset = TimeSpan.FromSeconds(seconds);
        Assert.Equal(_rig.Wall.GetUtcNow() + wait, (await _rig.AdvanceAsync(runId)).WakeAt);
        _rig.Clock.Advance(wait - TimeSpan.FromSeconds(0.1));
        await _rig.AdvanceAsync(runId);
        Assert.Equal(TaskStatus.Backoff, (await _rig.TaskAsync(runId)).State.Status);
        _rig.Clock.Advance(TimeSpan.FromSeconds(0.1));
        await _rig.AdvanceAsync(runId);

        Assert.Equal(TaskStatus.Ready, (await _rig.TaskAsync(runId)).State.Status);
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public async Task Sweep_ClockSetDuringAnAttempt_JudgesItAfterItsTime(int seconds)
    {
        var runId = await _rig.StartAsync();
        Assert.Single(await _rig.ClaimAsync(_rig.NewAgent()));

        _rig.Wall.Offset = TimeSpan.FromSeconds(seconds);
        await _rig.AdvanceAsync(runId);
        Assert.Empty(await SweptAfterAsync(89.9));
        await _rig.AdvanceAsync(runId);
        Assert.Equal(TaskStatus.Assigned, (await _rig.TaskAsync(runId)).State.Status);
        Assert.Equal([runId], await SweptAfterAsync(0.1));
        await _rig.AdvanceAsync(runId);

        Assert.Equal(TaskStatus.Backoff, (await _rig.TaskAsync(runId)).State.Status);
    }

    [Fact]
    public async Task Sweep_HandedOutByAProcessThatIsGoneAndTheClockSetBack_JudgesItAfterItsTimeFromTheFirstLook()
    {
        var agent = _rig.NewAgent();
        var runId = await _rig.StartAsync();
        var task = Assert.Single(await _rig.ClaimAsync(agent));
        await _rig.BeatAsync(agent, task);
        _rig.Wall.Offset = TimeSpan.FromHours(-1);
        using var next = _rig.NextProcess();

        await next.Get<TimeoutSweep>().RunAsync(_woken, CancellationToken.None);
        Assert.Equal([runId], _woken.Take());
        await next.AdvanceAsync(runId);
        Assert.Equal((TaskStatus.Running, 1, true), await HeldAsync(runId, agent));
        Assert.Empty(await SweptAfterAsync(89.9, next));
        Assert.Equal([runId], await SweptAfterAsync(0.1, next));
        await next.AdvanceAsync(runId);

        Assert.Equal(TaskStatus.Backoff, (await _rig.TaskAsync(runId)).State.Status);
    }

    [Fact]
    public async Task Pause_ClockSetBackAndForth_IsTheTimeThatWasNamedUntilItHasEnded()
    {
        var until = _rig.Wall.GetUtcNow() + TimeSpan.FromMinutes(10);
        await PauseAsync(until);
        Assert.IsType<AdmissionResult.Refused>(await _rig.ApplyAsync());

        _rig.Wall.Offset = TimeSpan.FromMinutes(10);
        Assert.Equal(TenantStatus.Active, await StatusAsync());
        _rig.Wall.Offset = TimeSpan.Zero;
        Assert.IsType<AdmissionResult.Refused>(await _rig.ApplyAsync());
        _rig.Wall.Offset = TimeSpan.FromMinutes(10);
        Assert.IsType<AdmissionResult.Admitted>(await _rig.ApplyAsync());
        _rig.Wall.Offset = TimeSpan.Zero;

        Assert.IsType<AdmissionResult.Admitted>(await _rig.ApplyAsync());
    }

    [Fact]
    public async Task Pause_ThatHadEndedWhenARunFinished_DoesNotBeginAgainWithAClockThatIsSetBack()
    {
        var runId = await _rig.StartAsync();
        var task = Assert.Single(await _rig.ClaimAsync(_rig.NewAgent()));
        await PauseAsync(_rig.Wall.GetUtcNow() + TimeSpan.FromMinutes(10));

        _rig.Wall.Offset = TimeSpan.FromMinutes(10);
        await _rig.ReportAsync(task);
        Assert.True((await _rig.AdvanceAsync(runId)).Ended);
        _rig.Wall.Offset = TimeSpan.Zero;

        Assert.Equal(TenantStatus.Active, await StatusAsync());
        Assert.IsType<AdmissionResult.Admitted>(await _rig.ApplyAsync());
    }

    public void Dispose() => _rig.Dispose();

    private async Task PauseAsync(DateTimeOffset until) => await _rig.Get<TenantGate>().SubmitAsync(RunRig.Tenant, new Pause(until));

    private ValueTask<TenantStatus?> StatusAsync() => _rig.Get<TenantReader>().StatusAsync(RunRig.Tenant, CancellationToken.None);

    private async Task<(TaskStatus, int, bool)> HeldAsync(string runId, string agentId) =>
        ((await _rig.TaskAsync(runId)).State.Status, (await _rig.TaskAsync(runId)).State.Attempt, Assert.Single((await _rig.AgentAsync(agentId)).Held).Confirmed);

    private async Task<List<string>> SweptAfterAsync(double seconds, RunRig? process = null)
    {
        _rig.Clock.Advance(TimeSpan.FromSeconds(seconds));
        await (process ?? _rig).Get<TimeoutSweep>().RunAsync(_woken, CancellationToken.None);
        return _woken.Take();
    }

    private sealed class Pause(DateTimeOffset until) : TenantOperation<bool>
    {
        public override TenantEdit<bool> Decide(TenantSnapshot tenant, DateTimeOffset now) =>
            new(true, tenant.Ledger with { Status = TenantStatus.Paused, Pause = new("test", "test", now, until) });
    }
}
