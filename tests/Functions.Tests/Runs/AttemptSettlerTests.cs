using Headgate.Core.Failures;
using Headgate.Core.Runs;
using Headgate.Functions.Runs;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Tests.Runs;

public sealed class AttemptSettlerTests
{
    [Fact]
    public async Task Settle_OneReportAHundredTimes_SettledOnceAndAnsweredAlike()
    {
        using var rig = new RunRig();
        var agent = rig.NewAgent();
        await rig.StartAsync();
        var task = Assert.Single(await rig.ClaimAsync(agent));

        var results = await rig.Get<AttemptSettler>().SettleAsync([.. Enumerable.Repeat(RunRig.Succeeded(task), 100)], CancellationToken.None);

        Assert.All(results, result => Assert.Equal("completed", Assert.IsType<ReportResult.Settled>(result).Answer));
        Assert.Single(results.OfType<ReportResult.Settled>(), settled => !settled.IsRepeat);
    }

    [Fact]
    public async Task Settle_CallerLeavesHalfWay_TheWholeChangeIsWritten()
    {
        using var rig = new RunRig();
        using var left = new CancellationTokenSource();
        var agent = rig.NewAgent();
        await rig.StartAsync();
        var task = Assert.Single(await rig.ClaimAsync(agent));
        var report = RunRig.Succeeded(task) with { Outcome = new AttemptOutcome.FailedWith(FailureClass.Permanent, "no such file") };

        rig.BeforeWriteTo(Table.Tasks, left.CancelAsync);
        await rig.Get<AttemptSettler>().SettleAsync([report], left.Token);

        Assert.Equal(TaskStatus.Failed, (await rig.TaskAsync(task.RunId)).State.Status);
        Assert.Empty((await rig.AgentAsync(agent)).Holdings);
    }
}
