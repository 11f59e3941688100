using System.Collections.Concurrent;
using Headgate.Agent.Reporting;
using Headgate.Agent.Tests.Support;
using Headgate.Contracts.Agents;
using Headgate.TestKit;

namespace Headgate.Agent.Tests.Running;

/// <summary>A disk that refuses, a clock that is set, a service that is away for long.</summary>
public sealed class HardshipTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("work", "workDirectory: work")]
    [InlineData("state/outbox", "workDirectory: elsewhere")]
    [InlineData("state/archives", "workDirectory: elsewhere")]
    public async Task RunAsync_AFolderCanNotBeMade_EndsWithItsOwnExitCodeAndNamesIt(string obstacle, string line)
    {
        await using var service = await FakeService.StartAsync();
        // A file where a folder must be made: that stops root too.
        _folder.Write(obstacle, "");
        await using var agent = new RunningAgent(_folder, service, line);

        Assert.Equal(ExitCode.StateUnavailable, await agent.Ended);
        await Eventually.TrueAsync(() => agent.Log.Contains($"error folder folder={_folder.At(obstacle)}", StringComparison.Ordinal), "the line");
        Assert.Empty(service.Heartbeats);
    }

    [Fact]
    public async Task RunAsync_WorkFolderGoesAwayWhileItRuns_FailsTheTaskAsAResourceAndGoesOn()
    {
        await using var service = await FakeService.StartAsync();
        await using var agent = new RunningAgent(_folder, service, "workDirectory: work", "allowedPrograms: [/bin/sh]");
        await Eventually.TrueAsync(() => !service.Claims.IsEmpty, "it works");
        Directory.Delete(_folder.At("work"), recursive: true);
        _folder.Write("work", "");

        service.Offer(Given.Script("true"), Given.Task("noop"));

        await Eventually.TrueAsync(() => service.Results.Count == 2, "both results");
        Assert.Equal(["resource", null], service.Results.Select(r => r.ErrorCategory).OrderByDescending(c => c));
        Assert.False(agent.Ended.IsCompleted);
    }

    [Fact]
    public async Task StoreAsync_DiskWasFull_WritesWhatItRefusedOnceThereIsRoom()
    {
        await using var text = new StringWriter();
        var log = new AgentLog(text, TimeProvider.System);
        var outbox = Outbox.Open(_folder.At("outbox"), log, new ManualClock());
        var storing = outbox.StoreAsync();
        Directory.Delete(_folder.At("outbox"));
        _folder.Write("outbox", "");
        foreach (var name in new[] { "a", "b" })
        {
            outbox.Add(new TaskResult($"r.{name}", 1, "success", 1));
            await Eventually.TrueAsync(() => outbox.Unsettled().Any(e => e.Result.TaskId == $"r.{name}"), "it is offered");
        }

        outbox.Settle(outbox.Unsettled()[0]);
        File.Delete(_folder.At("outbox"));
        _folder.Folder("outbox");
        outbox.Add(new TaskResult("r.c", 1, "success", 1));
        outbox.Complete();
        await storing;
        await log.FlushAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(["r.b", "r.c"], Outbox.Open(_folder.At("outbox"), Given.Silent, TimeProvider.System).Unsettled().Select(e => e.Result.TaskId));
        Assert.Equal(1, text.ToString().Split("error outbox-not-written").Length - 1);
        Assert.Contains("info outbox-written", text.ToString(), StringComparison.Ordinal);
        foreach (var entry in outbox.Unsettled())
            outbox.Settle(entry);
        Assert.Empty(Directory.GetFiles(_folder.At("outbox")));
    }

    [Fact]
    public async Task StoreAsync_DiskWasFullAndNothingArrives_WritesWithinTenSecondsOfRoom()
    {
        var clock = new ManualClock();
        var outbox = Outbox.Open(_folder.At("outbox"), Given.Silent, clock);
        var storing = outbox.StoreAsync();
        Directory.Delete(_folder.At("outbox"));
        _folder.Write("outbox", "");
        outbox.Add(new TaskResult("r.a", 1, "success", 1));
        await Eventually.TrueAsync(() => outbox.Unsettled().Count == 1, "it is offered");
        File.Delete(_folder.At("outbox"));
        _folder.Folder("outbox");

        await Eventually.TrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(10));
                return Directory.GetFiles(_folder.At("outbox"), "*.json").Length == 1;
            },
            "it is written");
        outbox.Complete();
        await storing;

        Assert.Equal(["r.a"], Outbox.Open(_folder.At("outbox"), Given.Silent, TimeProvider.System).Unsettled().Select(e => e.Result.TaskId));
    }

    [Fact]
    public async Task RunAsync_ServiceAwayForAnHour_SendsTheResultOnceItIsBackAndAsksNoMoreThanItMust()
    {
        var clock = new ManualClock();
        await using var service = await FakeService.StartAsync();
        service.Offer(Given.Script("until [ -e $1 ]; do sleep 0.01; done", 60, _folder.At("go")));
        await using var agent = new RunningAgent(_folder, service, clock, _ => null, "allowedPrograms: [/bin/sh]", "environment: { set: { PATH: /usr/bin:/bin } }");
        await Eventually.TrueAsync(() => !service.Heartbeats.IsEmpty && !service.Claims.IsEmpty, "it works");
        var calls = new ConcurrentQueue<string>();
        service.Proxy = path =>
        {
            calls.Enqueue(path);
            return (502, "");
        };
        _folder.Write("go", "");
        await Eventually.TrueAsync(() => Directory.GetFiles(_folder.At("state/outbox"), "*.json").Length == 1 && !calls.IsEmpty, "a result in the outbox");

        for (var second = 0; second < 3600; second++)
            clock.Advance(TimeSpan.FromSeconds(1));
        // Pauses of 1 s to heartbeats, of 15 s to all else, and as many when they were shorter at first.
        Assert.InRange(calls.Count, 1, 3600 + (2 * 240) + 50);
        Assert.Empty(service.Results);
        service.Proxy = _ => null;

        await Eventually.TrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return service.Results.Count == 1 && Directory.GetFiles(_folder.At("state/outbox")).Length == 0;
            },
            "the result");
        Assert.Equal("success", service.Results.Single().Status);
    }

    [Fact]
    public async Task RunAsync_ClockIsSetBackADay_GoesOnAsBefore()
    {
        var clock = new SetBack();
        await using var service = await FakeService.StartAsync();
        await using var agent = new RunningAgent(_folder, service, clock, _ => null);
        await Eventually.TrueAsync(() => !service.Heartbeats.IsEmpty, "it works");

        clock.IsBack = true;
        service.Offer(Given.Task("noop"));
        var before = service.Heartbeats.Count;
        await Eventually.TrueAsync(() => service.Results.Count == 1 && service.Heartbeats.Count >= before + 2, "results and heartbeats");

        Assert.InRange(service.Results.Single().DurationSeconds, 0, 60);
        Assert.Equal(service.Heartbeats.Select(b => b.UptimeSeconds).Order(), service.Heartbeats.Select(b => b.UptimeSeconds));
    }

    private sealed class SetBack : TimeProvider
    {
        public bool IsBack { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - (IsBack ? TimeSpan.FromDays(1) : TimeSpan.Zero);
    }
}
