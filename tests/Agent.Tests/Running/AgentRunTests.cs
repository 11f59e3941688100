using System.Diagnostics;
using Headgate.Agent.Tests.Support;
using Headgate.Contracts.Agents;

namespace Headgate.Agent.Tests.Running;

public sealed class AgentRunTests : IDisposable
{
    private const string Shell = "allowedPrograms: [/bin/sh]";
    private const string Programs = "environment: { set: { PATH: /usr/bin:/bin } }";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RunAsync_ManyShortTasks_AreReportedOnceEachInBatches()
    {
        await using var service = await FakeService.StartAsync();
        var answered = new TaskCompletionSource();
        service.ResultsWait = answered.Task;
        service.Offer([.. Enumerable.Range(0, 1000).Select(_ => Given.Task("noop"))]);
        await using var agent = new RunningAgent(_folder, service, "limits: { maxConcurrentTasks: 100 }");

        await Eventually.TrueAsync(() => !service.HasOffers, "every task is claimed");
        answered.SetResult();
        await Eventually.TrueAsync(() => service.Results.Count >= 1000, "1000 results");

        Assert.Equal(1000, service.Results.Select(r => r.TaskId).Distinct(StringComparer.Ordinal).Count());
        Assert.All(service.Results, r => Assert.Equal("success", r.Status));
        Assert.All(service.BatchSizes, size => Assert.InRange(size, 1, 100));
        Assert.True(service.BatchSizes.Count < 200, $"{service.BatchSizes.Count} calls");
        Assert.All(service.Claims, c => Assert.InRange(c.Request.Max, 1, 100));
        Assert.Equal(0, await agent.StopAsync());
        Assert.Empty(Directory.GetFiles(_folder.At("state/outbox")));
    }

    [Fact]
    public async Task RunAsync_ServiceHandsOutMoreThanTheOwnerAllows_NeverRunsMore()
    {
        await using var service = await FakeService.StartAsync();
        var folder = _folder.Folder("running");
        var script = "touch $1/$$; ls $1 | wc -l; sleep 0.02; rm $1/$$";
        service.Offer([.. Enumerable.Range(0, 30).Select(_ => Given.Script(script, 3600, folder))]);
        await using var agent = new RunningAgent(_folder, service, Shell, Programs, "limits: { maxConcurrentTasks: 5, typeLimits: { command: 2 } }");

        await Eventually.TrueAsync(() => service.Results.Count == 30, "30 results");

        Assert.All(service.Results, r => Assert.InRange(int.Parse(r.Log!), 1, 2));
        Assert.All(service.Claims, c => Assert.InRange(c.Request.Max, 1, 5));
    }

    [Fact]
    public async Task RunAsync_ServiceThatHoldsClaims_IsAskedForMoreBeforeItHasAnsweredTheReport()
    {
        await using var service = await FakeService.StartAsync();
        var answered = new TaskCompletionSource();
        service.ResultsWait = answered.Task;
        service.Offer(Given.Task("noop"));
        await using var agent = new RunningAgent(_folder, service, "limits: { maxConcurrentTasks: 1 }");

        await Eventually.TrueAsync(() => service.Claims.Count == 2, "a second claim");
        Assert.Empty(service.Results);
        answered.SetResult();

        await Eventually.TrueAsync(() => service.Results.Count == 1, "the result");
    }

    [Fact]
    public async Task RunAsync_SettingsTighten_HoldFromTheNextHeartbeat()
    {
        await using var service = await FakeService.StartAsync();
        service.Answer = beat => new HeartbeatAnswer(1, beat.SettingsVersion == 7 ? null : new AgentSettings(1, new Dictionary<string, int>(), 50, "low", null, 7), [], []);
        await using var agent = new RunningAgent(_folder, service, "limits: { maxConcurrentTasks: 100 }");

        await Eventually.TrueAsync(() => !service.Claims.IsEmpty && service.Heartbeats.Count > 1, "claims");

        Assert.All(service.Claims, c => Assert.Equal(1, c.Request.Max));
        Assert.Equal(7, service.Heartbeats.Last().SettingsVersion);
    }

    [Fact]
    public async Task RunAsync_Working_HeartbeatsGoOnAndListTheAttempt()
    {
        await using var service = await FakeService.StartAsync();
        var task = Given.Script("sleep 300");
        service.Offer(task);
        await using var agent = new RunningAgent(_folder, service, Shell, Programs, "stopGraceSeconds: 0");

        await Eventually.TrueAsync(() => service.Heartbeats.Count(b => b.Running!.Contains(new RunningAttempt(task.TaskId, 1))) >= 2, "two heartbeats with the attempt");

        Assert.Single(service.Heartbeats.Select(b => b.Session).Distinct());
    }

    [Fact]
    public async Task RunAsync_Working_HeartbeatsTellTheFreeSlots()
    {
        await using var service = await FakeService.StartAsync();
        service.Offer(Given.Script("sleep 300"));
        await using var agent = new RunningAgent(_folder, service, Shell, Programs, "stopGraceSeconds: 0", "limits: { maxConcurrentTasks: 4 }");

        await Eventually.TrueAsync(() => service.Heartbeats.Any(beat => beat.Running!.Count == 1 && beat.Load!.FreeSlots == 3), "a heartbeat with three free slots");
        Assert.InRange(service.Heartbeats.Last().Load!.MemoryPercent!.Value, 0, 100);
    }

    [Fact]
    public async Task RunAsync_TaskFails_IsALineInTheLogWithItsClass()
    {
        await using var service = await FakeService.StartAsync();
        var task = Given.Script("exit 1");
        service.Offer(task);
        await using var agent = new RunningAgent(_folder, service, "allowedPrograms: [/usr/bin/env]");

        await Eventually.TrueAsync(() => agent.Log.Contains("task-ended", StringComparison.Ordinal), "the line");

        var line = Assert.Single(agent.Log.Split('\n'), line => line.Contains("task-ended", StringComparison.Ordinal));
        Assert.Contains($"task={task.TaskId} attempt=1 type=command status=failure category=permanent", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ManyClaims_HeartbeatsKeepTheirOwnPace()
    {
        await using var service = await FakeService.StartAsync();
        service.Offer([.. Enumerable.Range(0, 500).Select(_ => Given.Task("noop"))]);
        var clock = Stopwatch.StartNew();
        await using var agent = new RunningAgent(_folder, service, "limits: { maxConcurrentTasks: 5 }");

        await Eventually.TrueAsync(() => service.Results.Count == 500, "500 results");

        // One at the start, then one a second.
        Assert.InRange(service.Heartbeats.Count, 1, clock.Elapsed.TotalSeconds + 2);
        Assert.True(service.Claims.Count >= 100, $"{service.Claims.Count} claims");
    }

    [Fact]
    public async Task RunAsync_ReportIsNotAnswered_HeartbeatsGoOn()
    {
        await using var service = await FakeService.StartAsync();
        var answered = new TaskCompletionSource();
        service.ResultsWait = answered.Task;
        service.Offer(Given.Task("noop"));
        await using var agent = new RunningAgent(_folder, service);

        await Eventually.TrueAsync(() => service.Heartbeats.Count(beat => beat.Running!.Count == 1) >= 3, "three heartbeats while the report waits");

        Assert.Empty(service.Results);
        answered.SetResult();
    }

    [Fact]
    public async Task RunAsync_SettingsComeWithTheFirstHeartbeat_HoldForTheFirstClaim()
    {
        await using var service = await FakeService.StartAsync();
        service.Answer = _ => new HeartbeatAnswer(1, new AgentSettings(1, new Dictionary<string, int>(), 50, "low", null, 2), [], []);
        await using var agent = new RunningAgent(_folder, service, Shell, Programs, "stopGraceSeconds: 0");

        await Eventually.TrueAsync(() => !service.Claims.IsEmpty, "a claim");

        Assert.Equal(1, service.Claims.First().Request.Max);
    }

    [Fact]
    public async Task RunAsync_Cancel_IsReportedAsCancelled()
    {
        await using var service = await FakeService.StartAsync();
        var task = Given.Script("sleep 300");
        service.Offer(task);
        service.Answer = beat => new HeartbeatAnswer(1, null, beat.Running!.Count > 0 ? [task.TaskId] : [], []);
        await using var agent = new RunningAgent(_folder, service, Shell, Programs);

        await Eventually.TrueAsync(() => !service.Results.IsEmpty, "a result");

        Assert.Equal("cancelled", service.Results.Single().Status);
    }

    [Fact]
    public async Task RunAsync_Lost_IsKilledAndNothingIsReported()
    {
        await using var service = await FakeService.StartAsync();
        var ids = _folder.At("ids");
        var task = Given.Script("echo $$ >> $1; exec sleep 300", 3600, ids);
        service.Offer(task);
        service.Answer = beat => new HeartbeatAnswer(1, null, [], beat.Running!.Count > 0 && File.Exists(ids) ? [task.TaskId] : []);
        await using var agent = new RunningAgent(_folder, service, Shell, Programs);

        var id = Assert.Single(await Processes.WrittenAsync(ids, 1));
        await Eventually.TrueAsync(() => !Processes.IsAlive(id) && service.Heartbeats.Last().Running!.Count == 0, "the task is gone");
        await agent.StopAsync();

        Assert.Empty(service.Results);
    }

    [Fact]
    public async Task RunAsync_StopWithoutGrace_ReportsLostAgentSoThatAnotherTakesIt()
    {
        await using var service = await FakeService.StartAsync();
        var ids = _folder.At("ids");
        service.Offer(Given.Script("echo $$ >> $1; exec sleep 300", 3600, ids));
        await using var agent = new RunningAgent(_folder, service, Shell, Programs, "stopGraceSeconds: 0");
        var id = Assert.Single(await Processes.WrittenAsync(ids, 1));

        Assert.Equal(0, await agent.StopAsync());

        Assert.Equal(("failure", "lost-agent"), (service.Results.Single().Status, service.Results.Single().ErrorCategory));
        Assert.False(Processes.IsAlive(id));
    }

    [Fact]
    public async Task RunAsync_StopBeforeATaskWasStarted_GivesItBack()
    {
        await using var service = await FakeService.StartAsync();
        var ids = _folder.At("ids");
        var (started, waiting) = (Given.Script("echo $$ >> $1; exec sleep 300", 3600, ids), Given.Script("echo $$ >> $1; exec sleep 300", 3600, ids));
        service.Offer(started, waiting);
        await using var agent = new RunningAgent(_folder, service, Shell, Programs, "stopGraceSeconds: 0", "limits: { maxConcurrentTasks: 2, typeLimits: { command: 1 } }");
        await Processes.WrittenAsync(ids, 1);
        await Eventually.TrueAsync(() => service.Heartbeats.Any(beat => beat.Running!.Count == 2), "both are held");

        Assert.Equal(0, await agent.StopAsync());

        Assert.Equal(("failure", "lost-agent"), Of(started));
        Assert.Equal(("released", null), Of(waiting));
        Assert.Empty(service.Heartbeats.Last().Running!);

        (string, string?) Of(ClaimedTask task) => service.Results.Single(result => result.TaskId == task.TaskId) is var result ? (result.Status, result.ErrorCategory) : default;
    }

    [Fact]
    public async Task RunAsync_StopWithGrace_LetsTheTaskEnd()
    {
        await using var service = await FakeService.StartAsync();
        var ids = _folder.At("ids");
        service.Offer(Given.Script("echo $$ >> $1; until [ -e $1.go ]; do sleep 0.01; done", 3600, ids));
        await using var agent = new RunningAgent(_folder, service, Shell, Programs, "stopGraceSeconds: 3600");
        await Processes.WrittenAsync(ids, 1);

        var stopping = agent.StopAsync();
        _folder.Write("ids.go", "");
        await stopping;

        Assert.Equal("success", service.Results.Single().Status);
    }

    [Fact]
    public async Task RunAsync_KeyRefused_EndsWithItsOwnExitCode()
    {
        await using var service = await FakeService.StartAsync();
        service.Accepted = "another";
        await using var agent = new RunningAgent(_folder, service);

        Assert.Equal(ExitCode.NotAuthorised, await agent.Ended);
        Assert.Empty(service.Claims);
        Assert.DoesNotContain(FakeService.Key, agent.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_StateDirectoryInUse_EndsWithItsOwnExitCode()
    {
        await using var service = await FakeService.StartAsync();
        await using var first = new RunningAgent(_folder, service);
        await Eventually.TrueAsync(() => !service.Heartbeats.IsEmpty, "the first agent runs");
        await using var second = new RunningAgent(_folder, service);

        Assert.Equal(ExitCode.StateUnavailable, await second.Ended);
    }

    [Fact]
    public async Task RunAsync_ServiceAsksForAPauseBetweenClaims_IsObeyed()
    {
        await using var service = await FakeService.StartAsync();
        service.NextClaimSeconds = 1;
        await using var agent = new RunningAgent(_folder, service, "claimWaitSeconds: 0");

        await Eventually.TrueAsync(() => service.Claims.Count >= 2, "two claims");

        var times = service.Claims.Select(c => c.At).ToList();
        Assert.True(TimeProvider.System.GetElapsedTime(times[0], times[1]) > TimeSpan.FromSeconds(0.99));
    }
}
