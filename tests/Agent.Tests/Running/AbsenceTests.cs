using System.Collections.Concurrent;
using System.Diagnostics;
using Headgate.Agent.Reporting;
using Headgate.Agent.Tests.Support;
using Headgate.Contracts.Agents;

namespace Headgate.Agent.Tests.Running;

/// <summary>The service goes away, the agent dies: results arrive all the same, once answered never again.</summary>
public sealed class AbsenceTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RunAsync_ServiceAwayWhileTasksEnd_ReportsWhenItIsBack()
    {
        await using var service = await FakeService.StartAsync();
        service.Offer(Given.Script("until [ -e $1 ]; do sleep 0.01; done; echo done", 3600, _folder.At("go")), Given.Script("echo at once"));
        await using var agent = Agent(service);
        await Eventually.TrueAsync(() => service.Results.Count == 1, "the first result");

        service.Away = true;
        _folder.Write("go", "");
        await Eventually.TrueAsync(() => Directory.GetFiles(_folder.At("state/outbox"), "*.json").Length == 1, "a result in the outbox");
        service.Away = false;

        await Eventually.TrueAsync(() => service.Results.Count == 2 && Directory.GetFiles(_folder.At("state/outbox")).Length == 0, "the second result");
        Assert.Equal("done\n", service.Results.Last().Log);
    }

    [Theory]
    [InlineData(404, "<html>default backend - 404</html>")]
    [InlineData(302, "<html>maintenance</html>")]
    [InlineData(400, "")]
    [InlineData(200, "{}")]
    public async Task RunAsync_AProxyAnswersEverythingItself_WorkGoesOnAndIsReportedOnce(int status, string body)
    {
        await using var service = await FakeService.StartAsync();
        service.Offer(Given.Script("echo run >> $1; until [ -e $2 ]; do sleep 0.01; done", 3600, _folder.At("runs"), _folder.At("go")));
        await using var agent = Agent(service);
        await Eventually.TrueAsync(() => File.Exists(_folder.At("runs")), "the task runs");
        var calls = new ConcurrentDictionary<string, int>();
        service.Proxy = path =>
        {
            calls.AddOrUpdate(path, 1, (_, n) => n + 1);
            return (status, body);
        };

        await Eventually.TrueAsync(() => calls.GetValueOrDefault("/agents/agent-1/heartbeat") >= 4, "refused heartbeats");
        _folder.Write("go", "");
        await Eventually.TrueAsync(() => calls.GetValueOrDefault("/agents/agent-1/task-results") >= 3, "refused reports");
        service.Proxy = _ => null;

        await Eventually.TrueAsync(() => service.Results.Count == 1 && Directory.GetFiles(_folder.At("state/outbox")).Length == 0, "the result");
        Assert.Equal("success", service.Results.Single().Status);
        Assert.Single(await File.ReadAllLinesAsync(_folder.At("runs")));
        Assert.False(agent.Ended.IsCompleted);
    }

    [Fact]
    public async Task RunAsync_AnswerNeverCame_SendsAgainUntilItDoes()
    {
        await using var service = await FakeService.StartAsync();
        var calls = 0;
        service.Judge = r => new TaskResultEntry(r.TaskId, r.Attempt, ++calls < 3 ? null : "completed", Code: calls < 3 ? "store-unavailable" : null);
        service.Offer(Given.Task("noop"));
        await using var agent = Agent(service);

        await Eventually.TrueAsync(() => !service.Results.IsEmpty, "the result");

        Assert.Equal(3, calls);
    }

    [Theory]
    [InlineData("stale-attempt")]
    [InlineData("task-not-found")]
    public async Task RunAsync_ResultRefusedForGood_IsDroppedAndItsRoomIsFree(string code)
    {
        await using var service = await FakeService.StartAsync();
        service.Judge = r => new TaskResultEntry(r.TaskId, r.Attempt, r.TaskId == "r.old" ? null : "completed", Code: r.TaskId == "r.old" ? code : null);
        service.Offer(Given.Task("noop", id: "r.old"), Given.Task("noop", id: "r.new"));
        await using var agent = Agent(service, "limits: { maxConcurrentTasks: 1 }");

        await Eventually.TrueAsync(() => service.Results.Any(r => r.TaskId == "r.new") && Directory.GetFiles(_folder.At("state/outbox")).Length == 0, "the next task");
    }

    [Fact]
    public async Task RunAsync_ResultOfAnEarlierLifeStillUnanswered_IsListedSoThatItIsNotLost()
    {
        await using var service = await FakeService.StartAsync();
        service.Judge = r => service.Heartbeats.IsEmpty ? new TaskResultEntry(r.TaskId, r.Attempt, null, Code: "busy") : new TaskResultEntry(r.TaskId, r.Attempt, "completed");
        await LeaveAsync(new TaskResult("r.old", 1, "success", 1), new TaskResult("r.old", 2, "success", 1));
        await using var agent = Agent(service);

        await Eventually.TrueAsync(() => service.Results.Count == 2, "the results");

        Assert.Equal([new RunningAttempt("r.old", 2)], service.Heartbeats.First().Running);
    }

    [Fact]
    public async Task RunAsync_OneResultSpoilsTheBatch_TheOthersArriveAndItGoesWithoutItsTexts()
    {
        await using var service = await FakeService.StartAsync();
        service.RefusesBatch = batch => batch.Any(r => r.Log?.Contains("poison", StringComparison.Ordinal) == true);
        service.Away = true;
        await LeaveAsync([.. new[] { "one", "poison", "two" }.Select(log => new TaskResult($"r.{log}", 1, "success", 1, Log: log))]);
        await using var agent = Agent(service);

        service.Away = false;
        await Eventually.TrueAsync(() => service.Results.Count == 3, "all three");

        Assert.Equal(["one", "two", null], service.Results.Select(r => r.Log));
    }

    [Fact]
    public async Task Run_KilledWithAResultUnsentAndATaskRunning_SendsTheOneAndEndsTheOtherAtTheNextStart()
    {
        await using var service = await FakeService.StartAsync();
        var ids = _folder.At("ids");
        service.Offer(
            Given.Script("until [ -e $1 ]; do sleep 0.01; done; echo kept", 3600, _folder.At("go")),
            Given.Script("echo $$ >> $1; exec sleep 300", 300, ids));
        using var first = Start(service);
        var running = Assert.Single(await Processes.WrittenAsync(ids, 1));
        service.Away = true;
        _folder.Write("go", "");
        await Eventually.TrueAsync(() => Directory.GetFiles(_folder.At("state/outbox"), "*.json").Length == 1, "a result in the outbox");

        first.Kill();
        await first.WaitForExitAsync();
        Assert.True(Processes.IsAlive(running));
        var before = service.Heartbeats.Count;
        service.Away = false;
        using var second = Start(service);

        await Eventually.TrueAsync(() => service.Results.Count == 1 && !Processes.IsAlive(running), "result and end");
        var kept = service.Results.Single();
        Assert.Equal(("success", "kept\n"), (kept.Status, kept.Log));
        await Eventually.TrueAsync(
            () => service.Heartbeats.Count > before && service.Heartbeats.Select(beat => beat.Session).Distinct().Count() == 2, "a heartbeat of a second session");
        var said = service.Heartbeats.ElementAt(before);
        Assert.Equal((service.Heartbeats.First().Session, true), (said.Session, said.Ended));
        second.Kill();
        await second.WaitForExitAsync();
    }

    /// <summary>As an earlier life of the agent leaves results behind.</summary>
    private async Task LeaveAsync(params TaskResult[] results)
    {
        var outbox = Outbox.Open(_folder.At("state/outbox"), Given.Silent, TimeProvider.System);
        foreach (var result in results)
            outbox.Add(result);
        outbox.Complete();
        await outbox.StoreAsync();
    }

    private RunningAgent Agent(FakeService service, params string[] lines) =>
        new(_folder, service, [.. lines, "allowedPrograms: [/bin/sh]", "environment: { set: { PATH: /usr/bin:/bin } }"]);

    private Process Start(FakeService service)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Headgate.Agent.dll"), "run", "--config", _folder.At("agent.yaml")]);
        start.Environment["HEADGATE_AGENT_KEY"] = FakeService.Key;
        _folder.Write(
            "agent.yaml",
            $$"""
            service: {{service.Address}}
            agentId: agent-1
            tenant: acme
            heartbeatSeconds: 1
            capabilities: [command]
            allowedPrograms: [/bin/sh]
            environment: { set: { PATH: /usr/bin:/bin } }
            """);
        return Process.Start(start)!;
    }
}
