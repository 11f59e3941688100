using Headgate.Core.Runs;
using Headgate.Functions.Dispatch;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Tests.Support;
using Xunit;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Tests.Dispatch;

/// <summary>A task was handed out, and its agent never had it.</summary>
public sealed class UnusedHandOutTests : IDisposable
{
    private readonly RunRig _rig = new();
    private readonly string _agent;

    public UnusedHandOutTests() => _agent = _rig.NewAgent();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Beat_LastOfASession_GivesBackWhatItDoesNotListAtOnce()
    {
        await _rig.BeatAsAsync("one", _agent);
        var runId = await _rig.StartAsync();
        Assert.Single(await _rig.ClaimAsync(_agent, session: "one"));

        await _rig.BeatAsAsync("one", _agent, ends: true);

        await IsBackAsync(runId, returns: 1);
    }

    [Fact]
    public async Task Beat_LastOfASessionDuringItsClaim_LeavesItNothing()
    {
        await _rig.BeatAsAsync("one", _agent);
        var runId = await _rig.StartAsync();
        using var other = _rig.OtherProcess();

        _rig.BeforeWriteTo(Ports.Table.Tasks, async () => await other.BeatAsAsync("one", _agent, ends: true));
        var claim = await _rig.Get<Claims>().ClaimAsync(_agent, "one", 1, TimeSpan.Zero, CancellationToken.None);

        Assert.IsType<ClaimOutcome.InUse>(claim);
        Assert.Equal((TaskStatus.Ready, 0), await _rig.TaskAsync(runId) is var task ? (task.State.Status, task.State.Attempt) : default);
        Assert.Empty((await _rig.AgentAsync(_agent)).Holdings);
    }

    [Fact]
    public async Task Beat_TwoThatDoNotListIt_GiveItBackUntilThatIsTooOften()
    {
        var runId = await _rig.StartAsync();
        for (var handOut = 1; handOut <= Settlement.MaxReturns; handOut++)
        {
            Assert.Single(await _rig.ClaimAsync(_agent));
            await _rig.BeatAsync(_agent);
            await _rig.BeatAsync(_agent);
            await IsBackAsync(runId, returns: handOut);
            await _rig.AdvanceAsync(runId);
        }

        Assert.Single(await _rig.ClaimAsync(_agent));
        await _rig.BeatAsync(_agent);
        await _rig.BeatAsync(_agent);

        Assert.Equal(1, (await _rig.TaskAsync(runId)).State.RetriesGranted);
    }

    [Fact]
    public async Task Report_OfAHandOutThatWentBack_IsStaleAndTheNextHasANumberOfItsOwn()
    {
        var runId = await _rig.StartAsync();
        var late = Assert.Single(await _rig.ClaimAsync(_agent));
        await _rig.BeatAsync(_agent);
        await _rig.BeatAsync(_agent);

        Assert.IsType<ReportResult.Stale>(await _rig.ReportAsync(late));
        Assert.Equal([late.TaskId], (await _rig.BeatAsync(_agent, late)).Lost);
        await _rig.AdvanceAsync(runId);
        var next = Assert.Single(await _rig.ClaimAsync(_agent));

        Assert.Equal(2, next.State.Attempt);
        Assert.IsType<ReportResult.Stale>(await _rig.ReportAsync(late));
        Assert.IsType<ReportResult.Settled>(await _rig.ReportAsync(next));
    }

    [Fact]
    public async Task Report_Released_IsAnsweredAlikeWhenRepeated()
    {
        var runId = await _rig.StartAsync();
        var task = Assert.Single(await _rig.ClaimAsync(_agent));
        await _rig.BeatAsync(_agent, task);
        var released = RunRig.Succeeded(task) with { Outcome = new AttemptOutcome.Released("why") };

        var first = Assert.IsType<ReportResult.Settled>(await SettleAsync(released));
        var again = Assert.IsType<ReportResult.Settled>(await SettleAsync(released));

        Assert.Equal(("retry", _rig.Clock.GetUtcNow(), true), (first.Answer, again.NextRetryAt, again.IsRepeat));
        await IsBackAsync(runId, returns: 1);
    }

    private async Task<ReportResult> SettleAsync(AttemptReport report) => (await _rig.Get<AttemptSettler>().SettleAsync([report], CancellationToken.None))[0];

    private async Task IsBackAsync(string runId, int returns)
    {
        var task = await _rig.TaskAsync(runId);
        Assert.Equal((TaskStatus.Backoff, 0, returns, _rig.Clock.GetUtcNow()), (task.State.Status, task.State.RetriesGranted, task.State.Returns, task.State.NextRetryAt));
        var attempt = (await _rig.Get<RunReader>().AttemptAsync(runId, "one", task.State.Attempt))!;
        Assert.Equal((AttemptRecord.Released, "lost-agent"), (attempt.Outcome, attempt.ErrorCategory));
    }
}
