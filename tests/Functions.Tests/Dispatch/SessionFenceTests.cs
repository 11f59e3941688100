using Headgate.Functions.Dispatch;
using Headgate.Functions.Runs;
using Headgate.Functions.Tasks.Desk;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Tests.Dispatch;

/// <summary>Two processes with one agent's identity.</summary>
public sealed class SessionFenceTests : IDisposable
{
    private readonly RunRig _rig = new(shared: true);
    private readonly string _agent;

    public SessionFenceTests() => _agent = _rig.NewAgent();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Beat_TwoProcessesInTurn_TheTaskStaysWithTheFirst(bool elsewhere)
    {
        using var other = elsewhere ? _rig.OtherProcess() : null;
        await _rig.BeatAsAsync("one", _agent);
        var runId = await _rig.StartAsync();
        var task = Assert.Single(await _rig.ClaimAsync(_agent, session: "one"));

        for (var beat = 0; beat < 20; beat++)
        {
            Assert.IsType<HeartbeatOutcome.InUse>(await (other ?? _rig).BeatAsAsync("two", _agent));
            _rig.Clock.Advance(TimeSpan.FromSeconds(5));
            Assert.Empty(Assert.IsType<HeartbeatOutcome.Taken>(await _rig.BeatAsAsync("one", _agent, running: task)).Lost);
            _rig.Clock.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal((TaskStatus.Running, 1), await StateAsync(runId));
    }

    [Fact]
    public async Task Claim_OfTheProcessThatIsRefused_GetsNothing()
    {
        await _rig.BeatAsAsync("one", _agent);
        await _rig.StartAsync();

        Assert.IsType<ClaimOutcome.InUse>(await ClaimAsync("two"));
        Assert.IsType<ClaimOutcome.InUse>(await ClaimAsync(null));
        Assert.Single(await _rig.ClaimAsync(_agent, session: "one"));
    }

    [Fact]
    public async Task Claim_OfOneThatWasFollowedInAnotherProcess_GetsNothing()
    {
        using var other = _rig.OtherProcess();
        await _rig.BeatAsAsync("one", _agent);
        await _rig.StartAsync();

        await other.BeatAsAsync("one", _agent, ends: true);
        await other.BeatAsAsync("two", _agent);

        Assert.IsType<ClaimOutcome.InUse>(await ClaimAsync("one"));
        Assert.Single(await other.ClaimAsync(_agent, session: "two"));
    }

    [Fact]
    public async Task Beat_HolderFellSilent_TheOtherFollowsWithinALeaseAndTheFirstIsTold()
    {
        await _rig.BeatAsAsync("one", _agent);
        var runId = await _rig.StartAsync();
        var task = Assert.Single(await _rig.ClaimAsync(_agent, session: "one"));
        await _rig.BeatAsAsync("one", _agent, running: task);

        await _rig.BeatAsAsync("two", _agent);
        _rig.Clock.Advance(TimeSpan.FromSeconds(10));
        await _rig.BeatAsAsync("two", _agent);
        _rig.Clock.Advance(TimeSpan.FromSeconds(10));
        var followed = Assert.IsType<HeartbeatOutcome.Taken>(await _rig.BeatAsAsync("two", _agent));

        Assert.True(followed.TookOver);
        Assert.Equal((TaskStatus.Backoff, 1), await StateAsync(runId));
        Assert.IsType<HeartbeatOutcome.InUse>(await _rig.BeatAsAsync("one", _agent, running: task));
        Assert.IsType<ReportResult.Stale>(await _rig.ReportAsync(task));
    }

    [Fact]
    public async Task Beat_HolderEnded_TheNextFollowsAtOnce()
    {
        await _rig.BeatAsAsync("one", _agent);
        await _rig.BeatAsAsync("one", _agent, ends: true);

        var followed = Assert.IsType<HeartbeatOutcome.Taken>(await _rig.BeatAsAsync("two", _agent));

        Assert.False(followed.TookOver);
        Assert.IsType<ClaimOutcome.InUse>(await ClaimAsync("one"));
        Assert.Empty(await _rig.ClaimAsync(_agent, session: "two"));
    }

    [Fact]
    public async Task Heard_OfTheProcessThatIsRefused_IsNoSignOfLifeOfTheHolder()
    {
        await _rig.BeatAsAsync("one", _agent);
        _rig.Clock.Advance(TimeSpan.FromSeconds(25));

        _rig.Get<AgentDesk>().Heard(_agent, "two");
        await _rig.BeatAsAsync("two", _agent);
        _rig.Clock.Advance(TimeSpan.FromSeconds(6));

        Assert.True(_rig.Get<AgentDesk>().IsSilent(_agent, null, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Beat_ThatListsATaskAndIsCutShort_CountsItsLossAllTheSame()
    {
        await _rig.BeatAsAsync("one", _agent);
        var runId = await _rig.StartAsync();
        var task = Assert.Single(await _rig.ClaimAsync(_agent, session: "one"));
        _rig.BeforeWriteTo(Table.Tasks, () => throw new StoreUnavailableException("away", retryAfter: TimeSpan.FromSeconds(1)));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _rig.BeatAsAsync("one", _agent, running: task));
        Assert.Equal((TaskStatus.Assigned, 1), await StateAsync(runId));

        await _rig.BeatAsAsync("one", _agent, ends: true);

        Assert.Equal((TaskStatus.Backoff, 1), ((await _rig.TaskAsync(runId)).State.Status, (await _rig.TaskAsync(runId)).State.RetriesGranted));
    }

    private Task<ClaimOutcome> ClaimAsync(string? session) => _rig.Get<Claims>().ClaimAsync(_agent, session, 1, TimeSpan.Zero, CancellationToken.None);

    private async Task<(TaskStatus, int)> StateAsync(string runId) => await _rig.TaskAsync(runId) is var task ? (task.State.Status, task.State.Attempt) : default;
}
