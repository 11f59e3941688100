using Headgate.Agent.Attempts;
using Headgate.Agent.Tests.Support;
using Headgate.Contracts.Agents;
using Headgate.TestKit;

namespace Headgate.Agent.Tests.Tasks;

public sealed class ProcessTreeTests : IDisposable
{
    /// <summary>A child, a grandchild, and one in a session of its own whose parent has gone; each writes its id.</summary>
    private const string Family =
        """
        echo $$ >> $1
        sh -c 'echo $$ >> "$0"; sh -c "echo \$\$ >> $0; exec sleep 300"' $1 &
        setsid sh -c 'sh -c "echo \$\$ >> $0; exec sleep 300" > /dev/null 2>&1 &' $1
        """;

    /// <summary>One that cleared its environment, so that only its parentage shows whose it is.</summary>
    private const string Bare = "\nenv -i /bin/sh -c 'echo $$ >> $0; exec sleep 300' $1 &\n";

    private static readonly string[] Lines = ["allowedPrograms: [/bin/sh]", "environment: { set: { PATH: /usr/bin:/bin } }"];

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RunAsync_Timeout_KillsTheWholeFamily()
    {
        var ids = _folder.At("ids");

        var clock = new ManualClock();
        var passing = PassWhenStartedAsync(clock, ids);
        var task = Given.Script(Family + Bare + "echo started; echo $$ >> $1; wait; sleep 300", timeoutSeconds: 1, ids);

        var result = await Given.ResultOfAsync(_folder, task, Lines, time: clock);
        await passing;

        Assert.Equal(("failure", "timeout", "did not end within 1 s; stopped by the agent", null), (result.Status, result.ErrorCategory, result.ErrorMessage, result.ExitCode));
        Assert.Equal("started\n", result.Log);
        await AssertGoneAsync(ids, 6);
    }

    [Fact]
    public async Task RunAsync_Cancelled_KillsTheWholeFamilyAndSaysCancelled()
    {
        var ids = _folder.At("ids");

        var result = await Given.ResultOfAsync(_folder, Given.Script(Family + Bare + "wait; sleep 300", 3600, ids), Lines, meanwhile: attempt => _ = StopWhenStartedAsync(attempt, ids));

        Assert.Equal("cancelled", result.Status);
        await AssertGoneAsync(ids, 5);
    }

    [Fact]
    public async Task RunAsync_EndsAndLeavesProcessesBehind_TheyAreKilledAndDoNotHoldItUp()
    {
        var ids = _folder.At("ids");
        var task = Given.Script(Family + "\nuntil [ $(wc -l < $1) -ge 4 ]; do :; done", 3600, ids);

        TaskResult result = await Given.ResultOfAsync(_folder, task, Lines);

        Assert.Equal("success", result.Status);
        await AssertGoneAsync(ids, 4);
    }

    [Fact]
    public async Task RunAsync_StoppedBeforeItStarted_StartsNothingAndGivesItBack()
    {
        using var attempt = new Attempt(Given.Script("true"));
        attempt.Stop(StopReason.AgentStopping);

        var result = await new Agent.Tasks.TaskRunner(new Dictionary<string, Agent.Tasks.ITaskType>(), "agent.x", TimeProvider.System).RunAsync(attempt);

        Assert.Equal(("released", null), (result!.Status, result.ErrorCategory));
    }

    private static async Task StopWhenStartedAsync(Attempt attempt, string ids)
    {
        await Processes.WrittenAsync(ids, 5);
        attempt.Stop(StopReason.Cancelled);
    }

    private static async Task PassWhenStartedAsync(ManualClock clock, string ids)
    {
        await Processes.WrittenAsync(ids, 6);
        clock.Advance(TimeSpan.FromSeconds(1));
    }

    private static async Task AssertGoneAsync(string ids, int count)
    {
        foreach (var id in await Processes.WrittenAsync(ids, count))
            await Eventually.TrueAsync(() => !Processes.IsAlive(id), $"process {id} is gone");
    }
}
