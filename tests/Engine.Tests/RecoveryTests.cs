using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Headgate.Engine.Tests;

public sealed class RecoveryTests
{
    [Fact]
    public async Task Crash_StartOnDisk_RunsAfterwards()
    {
        var hold = new TaskCompletionSource();
        await using var held = await EngineRig.StartAsync(new ScriptedFunctions().Call("Hold", async _ => await Held(hold)).Orchestrator("Main", Holding));
        await held.StartMainAsync("x");
        await held.FlushAsync();

        await using var next = await held.AfterCrashAsync(functions: new ScriptedFunctions().Activity("Hold", text => text).Orchestrator("Main", Holding));

        Assert.Equal("x", (await next.EndAsync()).ReadOutputAs<string>());
        hold.SetResult();
    }

    [Fact]
    public async Task Crash_StartNotOnDisk_LeavesNothing()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context => await context.WaitForExternalEvent<string>("go");
        await rig.FlushAsync();
        await rig.StartMainAsync();

        await using var next = await rig.AfterCrashAsync();

        Assert.Null(await next.Client.GetInstanceAsync("main"));
    }

    [Fact]
    public async Task Crash_ActivityOut_IsCalledAgainAndItsEarlierAnswersAreKept()
    {
        var calls = new List<string>();
        var hold = new TaskCompletionSource();
        var functions = new ScriptedFunctions().Call("Step", async call =>
        {
            lock (calls)
                calls.Add(call.SerializedInput!);
            if (call.SerializedInput == "\"2\"" && !hold.Task.IsCompleted)
                await hold.Task;
            return call.SerializedInput;
        });
        functions.Main = async context =>
        {
            context.SetCustomStatus("0");
            await context.CallActivityAsync<string>("Step", "1");
            context.SetCustomStatus("1");
            await context.CallActivityAsync<string>("Step", "2");
            return "end";
        };
        await using var rig = await EngineRig.StartAsync(functions);
        await rig.StartMainAsync();
        await rig.ReachAsync("1");
        await rig.FlushAsync();

        hold.SetResult();
        await using var next = await rig.AfterCrashAsync();
        await next.EndAsync();

        Assert.Equal("end", (await next.EndAsync()).ReadOutputAs<string>());
        Assert.Single(calls, call => call == "\"1\"");
        Assert.True(calls.Count(call => call == "\"2\"") >= 2);
    }

    [Fact]
    public async Task Crash_TimerSet_FiresInTheNextProcess()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context =>
        {
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return "rang";
        };
        await rig.StartMainAsync();
        await rig.UntilIdleAsync();
        await rig.FlushAsync();

        await using var next = await rig.AfterCrashAsync();
        Assert.Equal(0, next.Engine.ResidentInstances);
        next.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal("rang", (await next.EndAsync()).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Crash_EventRaisedAndNotTaken_IsTakenAfterwards()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context => await context.WaitForExternalEvent<string>("go");
        await rig.StartMainAsync();
        await rig.UntilIdleAsync();
        await rig.Client.SuspendInstanceAsync("main");
        await rig.ReachAsync(OrchestrationRuntimeStatus.Suspended);
        await rig.Client.RaiseEventAsync("main", "go", "gone");
        await rig.FlushAsync();

        await using var next = await rig.AfterCrashAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, (await next.Client.GetInstanceAsync("main"))!.RuntimeStatus);
        await next.Client.ResumeInstanceAsync("main");

        Assert.Equal("gone", (await next.EndAsync()).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Crash_SubOrchestrationWaits_AnswersItsParentAfterwards()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Orchestrator("Child", async context => await context.WaitForExternalEvent<string>("go"));
        rig.Functions.Main = async context => await context.CallSubOrchestratorAsync<string>("Child", null, new SubOrchestrationOptions(instanceId: "child"));
        await rig.StartMainAsync();
        await rig.ReachAsync(OrchestrationRuntimeStatus.Running, "child");
        await rig.FlushAsync();

        await using var next = await rig.AfterCrashAsync();
        await next.Client.RaiseEventAsync("child", "go", "up");

        Assert.Equal("up", (await next.EndAsync()).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Crash_AtAnyFlush_EveryInstanceEndsWithTheSameResult()
    {
        var functions = new ScriptedFunctions().Activity("Echo", text => text);
        functions.Orchestrator("Child", async context => await context.CallActivityAsync<string>("Echo", context.GetInput<string>()));
        functions.Main = async context =>
        {
            var total = context.GetInput<int>();
            var parts = await Task.WhenAll(
                context.CallActivityAsync<string>("Echo", "a"),
                context.CallSubOrchestratorAsync<string>("Child", "b"),
                context.WaitForExternalEvent<string>("c")!);
            await context.CreateTimer(TimeSpan.FromSeconds(1), CancellationToken.None);
            if (total < 3)
                context.ContinueAsNew(total + 1);
            return string.Concat(parts) + total;
        };
        var rig = await EngineRig.StartAsync(functions);
        await rig.StartMainAsync(0);
        for (var n = 0; n < 4; n++)
            await rig.Client.RaiseEventAsync("main", "c", "c");
        await rig.FlushAsync();
        for (var crash = 0; crash < 25; crash++)
        {
            var next = await rig.AfterCrashAsync();
            await rig.DisposeAsync();
            rig = next;
            rig.Clock.Advance(TimeSpan.FromMilliseconds(250));
            if (crash % 2 == 0)
                await rig.UntilIdleAsync();
            await rig.FlushAsync();
        }

        Assert.Equal("abc3", (await rig.AdvanceUntilEndAsync(TimeSpan.FromSeconds(1))).ReadOutputAs<string>());
        await rig.DisposeAsync();
    }

    [Fact]
    public async Task ContinueAsNew_CrashAfterwards_KeepsHandedOnEvents()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context =>
        {
            await context.WaitForExternalEvent<string>("go");
            if (context.GetInput<string>() == "last")
                return await context.WaitForExternalEvent<string>("kept");
            context.ContinueAsNew("last");
            return null;
        };
        await rig.StartMainAsync();
        await rig.Client.RaiseEventAsync("main", "kept", "late");
        await rig.UntilIdleAsync();
        await rig.Client.RaiseEventAsync("main", "go");
        await rig.UntilIdleAsync();
        await rig.FlushAsync();

        await using var next = await rig.AfterCrashAsync();
        await next.Client.RaiseEventAsync("main", "go");

        Assert.Equal("late", (await next.EndAsync()).ReadOutputAs<string>());
    }

    private static async Task<object?> Holding(TaskOrchestrationContext context) =>
        await context.CallActivityAsync<string>("Hold", context.GetInput<string>());

    private static async Task<object?> Held(TaskCompletionSource hold)
    {
        await hold.Task;
        return null;
    }
}
