using Headgate.Engine;
using Headgate.Storage.Sqlite;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Headgate.Engine.Tests;

/// <summary>Faults of the engine itself: the instance is tried again, and others go on.</summary>
public sealed class FaultTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Turn_FaultAfterTheInboxWasTaken_IsTriedAgainByItself()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context => await context.WaitForExternalEvent<string>("go") + await context.WaitForExternalEvent<string>("go");
        await rig.StartMainAsync();
        await rig.UntilIdleAsync();
        rig.Functions.Fault = new IOException("a moment");
        await rig.Client.RaiseEventAsync("main", "go", "a");
        await rig.Client.RaiseEventAsync("main", "go", "b");
        await rig.UntilIdleAsync();

        rig.Functions.Fault = null;
        rig.Clock.Advance(FaultPauses.First);

        Assert.Equal("ab", (await rig.EndAsync()).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Turn_FaultThatLasts_IsTriedAgainAfterGrowingPausesUpToTheLongest()
    {
        await using var rig = await EngineRig.StartAsync();
        var tries = new List<DateTimeOffset>();
        rig.Functions.Looked = () => tries.Add(rig.Clock.GetUtcNow());
        rig.Functions.Fault = new IOException("for long");
        rig.Functions.Main = _ => Task.FromResult<object?>("at last");
        await rig.StartMainAsync();
        for (var elapsed = TimeSpan.Zero; elapsed < TimeSpan.FromMinutes(2); elapsed += Step)
        {
            await rig.UntilIdleAsync();
            rig.Clock.Advance(Step);
        }

        await rig.UntilIdleAsync();
        rig.Functions.Looked = null;
        rig.Functions.Fault = null;
        rig.Clock.Advance(FaultPauses.Longest);

        Assert.Equal("at last", (await rig.EndAsync()).ReadOutputAs<string>());
        Assert.Equal([0.25, 0.5, 1, 2, 4, 8, 16, 30, 30], tries.Zip(tries.Skip(1), (a, b) => Math.Round((b - a).TotalSeconds, 2)));
    }

    [Fact]
    public async Task Turn_FaultsThenRecovers_TheNextFaultPausesAsTheFirst()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context => await context.WaitForExternalEvent<string>("go") + await context.WaitForExternalEvent<string>("go");
        await rig.StartMainAsync();
        foreach (var word in new[] { "a", "b" })
        {
            await rig.UntilIdleAsync();
            rig.Functions.Fault = new IOException("a moment");
            await rig.Client.RaiseEventAsync("main", "go", word);
            await rig.UntilIdleAsync();
            rig.Clock.Advance(FaultPauses.First);
            await rig.UntilIdleAsync();
            rig.Functions.Fault = null;
            rig.Clock.Advance(FaultPauses.First * 2);
        }

        Assert.Equal("ab", (await rig.EndAsync()).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Turn_FaultOfAnotherInstance_GoesOn()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = _ => throw new InvalidOperationException("never called");
        rig.Functions.Orchestrator("Other", _ => Task.FromResult<object?>("well"));
        rig.Functions.Fault = new IOException("for long");
        await rig.StartMainAsync();
        await rig.UntilIdleAsync();
        rig.Functions.Fault = null;

        await rig.Client.ScheduleNewOrchestrationInstanceAsync("Other", new StartOrchestrationOptions("other"));

        Assert.Equal("well", (await rig.EndAsync("other")).ReadOutputAs<string>());
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await rig.Client.GetInstanceAsync("main"))!.RuntimeStatus);
    }

    [Fact]
    public async Task Turn_HistoryUnreadableForAWhile_IsTriedAgainByItself()
    {
        var functions = new ScriptedFunctions
        {
            Main = async context =>
            {
                context.SetCustomStatus("waiting");
                return await context.WaitForExternalEvent<string>("go");
            },
        };
        await using var before = await EngineRig.StartAsync(functions);
        await before.StartMainAsync();
        await before.ReachAsync("waiting");
        await before.ChangeFileAsync("UPDATE durable_history SET events = events || x'FF'");
        await using var rig = await before.AfterCrashAsync();

        await rig.Client.RaiseEventAsync("main", "go", "gone");
        await rig.UntilIdleAsync();
        await rig.ChangeFileAsync("UPDATE durable_history SET events = substr(events, 1, length(events) - 1)");
        rig.Clock.Advance(FaultPauses.First);

        Assert.Equal("gone", (await rig.EndAsync()).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Turn_RecipientUnreadableForAWhile_TakesEffectOnce()
    {
        var calls = 0;
        var functions = new ScriptedFunctions().Activity("Count", text => text + Interlocked.Increment(ref calls));
        functions.Orchestrator("Listener", async context => await context.WaitForExternalEvent<string>("word"));
        functions.Main = async context =>
        {
            var child = context.CallSubOrchestratorAsync<string>("Listener", null, new SubOrchestrationOptions(instanceId: "child"));
            context.SendEvent("child", "word", "to child");
            context.SendEvent("listener", "word", "hi");
            return $"{await context.CallActivityAsync<string>("Count", "x")} {await child}";
        };
        await using var before = await EngineRig.StartAsync(functions);
        await before.Client.ScheduleNewOrchestrationInstanceAsync("Listener", new StartOrchestrationOptions("listener"));
        await before.ReachAsync(OrchestrationRuntimeStatus.Running, "listener");
        await before.ChangeFileAsync("UPDATE durable_instances SET tags = 'broken'");
        await using var rig = await before.AfterCrashAsync();

        await rig.StartMainAsync();
        await rig.UntilIdleAsync();
        Assert.Equal(0, calls);
        await rig.ChangeFileAsync("UPDATE durable_instances SET tags = NULL");
        rig.Clock.Advance(FaultPauses.First);

        Assert.Equal("x1 to child", (await rig.EndAsync()).ReadOutputAs<string>());
        Assert.Equal("hi", (await rig.EndAsync("listener")).ReadOutputAs<string>());
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Timers_OneInstanceUnreadable_OthersWakeAndItWakesLater()
    {
        var functions = new ScriptedFunctions { Main = Ring };
        await using var before = await EngineRig.StartAsync(functions);
        foreach (var id in new[] { "a", "b", "c" })
        {
            await before.StartMainAsync(id: id);
            await before.UntilIdleAsync(id);
        }

        await before.ChangeFileAsync("UPDATE durable_instances SET tags = 'broken' WHERE id = 'a'");
        await using var rig = await before.AfterCrashAsync();

        rig.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal("rang", (await rig.EndAsync("b")).ReadOutputAs<string>());
        Assert.Equal("rang", (await rig.EndAsync("c")).ReadOutputAs<string>());
        await rig.ChangeFileAsync("UPDATE durable_instances SET tags = NULL");
        rig.Clock.Advance(FaultPauses.First);
        Assert.Equal("rang", (await rig.EndAsync("a")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Start_OneInstanceUnreadable_OthersRunAndItRunsLater()
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = new ScriptedFunctions().Call("Step", async _ =>
        {
            await hold.Task;
            return null;
        });
        held.Main = Call;
        await using var before = await EngineRig.StartAsync(held);
        foreach (var id in new[] { "a", "b" })
            await before.StartMainAsync(id: id);
        await before.ReachAsync(OrchestrationRuntimeStatus.Running, "a");
        await before.ReachAsync(OrchestrationRuntimeStatus.Running, "b");
        await before.ChangeFileAsync("UPDATE durable_instances SET tags = 'broken' WHERE id = 'a'");

        await using var rig = await before.AfterCrashAsync(new ScriptedFunctions { Main = Call }.Activity("Step", _ => "done"));

        Assert.Equal("done", (await rig.EndAsync("b")).ReadOutputAs<string>());
        await rig.ChangeFileAsync("UPDATE durable_instances SET tags = NULL");
        rig.Clock.Advance(FaultPauses.First);
        Assert.Equal("done", (await rig.EndAsync("a")).ReadOutputAs<string>());
        hold.SetResult();
    }

    private static async Task<object?> Ring(TaskOrchestrationContext context)
    {
        await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
        return "rang";
    }

    private static async Task<object?> Call(TaskOrchestrationContext context) => await context.CallActivityAsync<string>("Step", "x");
}
