using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Headgate.LocalHost.Tests.Durable;

public sealed class ExternalEventTests
{
    [Fact]
    public async Task WaitForExternalEvent_RaisedBeforeTheWait_IsKeptForIt()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context =>
        {
            await context.WaitForExternalEvent<string>("gate");
            return await context.WaitForExternalEvent<string>("early");
        };
        await rig.StartMainAsync();

        await rig.Client.RaiseEventAsync("main", "early", "bird");
        await rig.SettleAsync();
        await rig.Client.RaiseEventAsync("main", "gate");

        Assert.Equal("bird", (await rig.EndAsync()).ReadOutputAs<string>());
    }

    [Fact]
    public async Task WaitForExternalEvent_SeveralOfOneName_ComeInOrderOneEach()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context =>
        {
            var seen = new List<int>();
            while (seen.Count < 20)
                seen.Add(await context.WaitForExternalEvent<int>("Number"));
            return seen;
        };
        await rig.StartMainAsync();

        for (var n = 0; n < 20; n++)
            await rig.Client.RaiseEventAsync("main", "number", n);

        Assert.Equal(Enumerable.Range(0, 20), (await rig.EndAsync()).ReadOutputAs<int[]>());
    }

    [Fact]
    public async Task WaitForExternalEvent_RaisedWhileSuspended_ComesAfterResume()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context => await context.WaitForExternalEvent<string>("go");
        await rig.StartMainAsync();
        await rig.SettleAsync();
        await rig.Client.SuspendInstanceAsync("main", "reason");
        await rig.ReachAsync(OrchestrationRuntimeStatus.Suspended);

        await rig.Client.RaiseEventAsync("main", "go", "gone");
        await rig.SettleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, (await rig.Client.GetInstanceAsync("main"))!.RuntimeStatus);
        await rig.Client.ResumeInstanceAsync("main");

        Assert.Equal("gone", (await rig.EndAsync()).ReadOutputAs<string>());
    }

    [Fact]
    public async Task RaiseEvent_ToAFinishedOrUnknownInstance_ChangesNothing()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = _ => Task.FromResult<object?>("done");
        var end = await rig.RunMainAsync();

        await rig.Client.RaiseEventAsync("main", "late");
        await rig.Client.RaiseEventAsync("nobody", "late");

        Assert.Equal(end.LastUpdatedAt, (await rig.Client.GetInstanceAsync("main"))!.LastUpdatedAt);
        Assert.Null(await rig.Client.GetInstanceAsync("nobody"));
    }

    [Fact]
    public async Task WaitForExternalEvent_TimeoutPasses_ThrowsTaskCanceled()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context =>
        {
            try
            {
                return await context.WaitForExternalEvent<string>("never", TimeSpan.FromMinutes(5));
            }
            catch (TaskCanceledException)
            {
                return "timeout";
            }
        };
        await rig.StartMainAsync();

        await rig.SettleAsync();
        rig.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("timeout", (await rig.EndAsync()).ReadOutputAs<string>());
    }

    [Fact]
    public async Task WaitForExternalEvent_AfterATimedOutWait_TheNextWaitGetsEveryEvent()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context =>
        {
            try
            {
                await context.WaitForExternalEvent<string>("word", TimeSpan.FromMinutes(1));
            }
            catch (TaskCanceledException)
            {
            }

            return await context.WaitForExternalEvent<string>("word") + await context.WaitForExternalEvent<string>("word");
        };
        await rig.StartMainAsync();
        await rig.SettleAsync();
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await rig.SettleAsync();

        await rig.Client.RaiseEventAsync("main", "word", "a");
        await rig.Client.RaiseEventAsync("main", "word", "b");

        Assert.Equal("ab", (await rig.EndAsync()).ReadOutputAs<string>());
    }

    [Fact]
    public async Task WaitForExternalEvent_ComesInTime_TheTimerWakesNobodyLater()
    {
        await using var rig = await EngineRig.StartAsync();
        var turns = 0;
        rig.Functions.Main = async context =>
        {
            var first = await context.WaitForExternalEvent<string>("first", TimeSpan.FromMinutes(5));
            turns += context.IsReplaying ? 0 : 1;
            await context.WaitForExternalEvent<string>("second");
            return first;
        };
        await rig.StartMainAsync();
        await rig.Client.RaiseEventAsync("main", "first", "1");
        await rig.SettleAsync();

        rig.Clock.Advance(TimeSpan.FromHours(1));
        await rig.SettleAsync();
        await rig.Client.RaiseEventAsync("main", "second");

        Assert.Equal("1", (await rig.EndAsync()).ReadOutputAs<string>());
        Assert.Equal(1, turns);
    }

    [Fact]
    public async Task WaitForExternalEvent_TwoWaitersOfOneName_TheLatestIsServedFirst()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context =>
        {
            var first = context.WaitForExternalEvent<string>("e");
            var second = context.WaitForExternalEvent<string>("e");
            return $"{await second}{await first}";
        };
        await rig.StartMainAsync();

        await rig.Client.RaiseEventAsync("main", "e", "a");
        await rig.Client.RaiseEventAsync("main", "e", "b");

        Assert.Equal("ab", (await rig.EndAsync()).ReadOutputAs<string>());
    }

    [Fact]
    public async Task SendEvent_ToAnotherInstance_WakesIt()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Orchestrator("Listener", async context => await context.WaitForExternalEvent<string>("word"));
        rig.Functions.Main = context =>
        {
            context.SendEvent("listener", "word", "hi");
            return Task.FromResult<object?>(null);
        };
        await rig.Client.ScheduleNewOrchestrationInstanceAsync("Listener", new StartOrchestrationOptions("listener"));

        await rig.RunMainAsync();

        Assert.Equal("hi", (await rig.EndAsync("listener")).ReadOutputAs<string>());
    }
}
