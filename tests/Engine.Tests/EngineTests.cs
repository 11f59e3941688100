using Headgate.Engine.Client;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Headgate.Engine.Tests;

/// <summary>What the embedded engine promises beyond the suite for every engine.</summary>
public sealed class EngineTests
{
    private sealed record Order(string Name, int Count);

    [Fact]
    public async Task CallActivity_WithARecord_KeepsItsFieldNames()
    {
        await using var rig = await EngineRig.StartAsync();
        string? text = null;
        rig.Functions.Call("Look", call =>
        {
            text = call.SerializedInput;
            return Task.FromResult<object?>(null);
        });
        rig.Functions.Main = async context => await context.CallActivityAsync<string>("Look", new Order("a", 2));

        await rig.RunMainAsync();

        Assert.Equal("""{"Name":"a","Count":2}""", text);
    }

    [Fact]
    public async Task CallActivity_MoreThanMayRunAtOnce_NeverMoreRun()
    {
        await using var rig = await EngineRig.StartAsync(options: new() { MaxConcurrentActivityFunctions = 3 });
        var (running, most) = (0, 0);
        rig.Functions.Call("Slow", async _ =>
        {
            var now = Interlocked.Increment(ref running);
            lock (rig)
                most = Math.Max(most, now);
            await Task.Yield();
            Interlocked.Decrement(ref running);
            return null;
        });
        rig.Functions.Main = async context =>
        {
            await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => context.CallActivityAsync("Slow")));
            return null;
        };

        await rig.RunMainAsync();

        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task CallActivity_Fails_NumbersTheCallFromZero()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Activity("Break", _ => throw new IOException("no"));
        rig.Functions.Main = async context =>
        {
            try
            {
                return await context.CallActivityAsync<int>("Break", "x");
            }
            catch (TaskFailedException failed)
            {
                return failed.TaskId;
            }
        };

        Assert.Equal(0, (await rig.RunMainAsync()).ReadOutputAs<int>());
    }

    [Fact]
    public async Task CallSubOrchestrator_IdOfALiveInstance_FailsByName()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Orchestrator("Child", async context => await context.WaitForExternalEvent<string>("never"));
        rig.Functions.Main = async context => await context.CallSubOrchestratorAsync<string>(
            "Child", null, new SubOrchestrationOptions(instanceId: "child"));
        await rig.Client.ScheduleNewOrchestrationInstanceAsync("Child", new StartOrchestrationOptions("child"));

        Assert.Equal("InstanceExists", (await rig.RunMainAsync()).FailureDetails!.InnerFailure!.ErrorType);
    }

    [Fact]
    public async Task CallSubOrchestrator_OneIdTwiceInOneTurn_StartsOneAndFailsTheOther()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Orchestrator("Child", async context => await context.WaitForExternalEvent<string>("go"));
        rig.Functions.Main = async context =>
        {
            var options = new SubOrchestrationOptions(instanceId: "child");
            var first = context.CallSubOrchestratorAsync<string>("Child", null, options);
            try
            {
                return await context.CallSubOrchestratorAsync<string>("Child", null, options);
            }
            catch (TaskFailedException failed)
            {
                context.SendEvent("child", "go", "well");
                return $"{failed.FailureDetails.ErrorType} {await first}";
            }
        };

        Assert.Equal("InstanceExists well", (await rig.RunMainAsync()).ReadOutputAs<string>());
    }

    [Fact]
    public async Task CallSubOrchestrator_TheCallersOwnId_FailsTheCall()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context =>
            await context.CallSubOrchestratorAsync<string>("Main", null, new SubOrchestrationOptions(instanceId: context.InstanceId));

        Assert.Equal("InstanceExists", (await rig.RunMainAsync()).FailureDetails!.InnerFailure!.ErrorType);
    }

    [Fact]
    public async Task Terminate_ASubOrchestration_FailsTheCallByName()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Orchestrator("Child", async context => await context.WaitForExternalEvent<string>("never"));
        rig.Functions.Main = async context => await context.CallSubOrchestratorAsync<string>(
            "Child", null, new SubOrchestrationOptions(instanceId: "child"));
        await rig.StartMainAsync();
        await rig.ReachAsync(OrchestrationRuntimeStatus.Running, "child");

        await rig.Client.TerminateInstanceAsync("child");

        Assert.Equal("OrchestrationTerminated", (await rig.EndAsync()).FailureDetails!.InnerFailure!.ErrorType);
    }

    [Fact]
    public async Task WaitForExternalEvent_AfterATimedOutWait_NoEventIsSwallowedByIt()
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
        await rig.UntilIdleAsync();
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await rig.UntilIdleAsync();

        await rig.Client.RaiseEventAsync("main", "word", "a");
        await rig.Client.RaiseEventAsync("main", "word", "b");

        Assert.Equal("ab", (await rig.EndAsync()).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Schedule_StatusNamedInDedupe_ConflictNamesIdAndStatus()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = _ => Task.FromResult<object?>(1);
        await rig.RunMainAsync();
        var options = new StartOrchestrationOptions("main").WithDedupeStatuses([.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);

        var conflict = await Assert.ThrowsAsync<InstanceExistsException>(
            () => rig.Client.ScheduleNewOrchestrationInstanceAsync("Main", options));

        Assert.Equal("An orchestration with instance id 'main' exists and is Completed.", conflict.Message);
    }

    [Fact]
    public async Task Schedule_UnknownDedupeStatus_IsRefusedNamingIt()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = _ => Task.FromResult<object?>(1);
        var options = new StartOrchestrationOptions("main") { DedupeStatuses = ["Gone"] };

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => rig.Client.ScheduleNewOrchestrationInstanceAsync("Main", null, options));

        Assert.Contains("'Gone'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Purge_ALiveInstance_IsRefusedNamingItsStatus()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context => await context.WaitForExternalEvent<string>("never");
        await rig.StartMainAsync();
        await rig.ReachAsync(OrchestrationRuntimeStatus.Running);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => rig.Client.PurgeInstanceAsync("main"));

        Assert.Contains("'main' is Running", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetAllInstances_InPages_ComeInOrderOfIdAndFull()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = context => Task.FromResult<object?>(context.GetInput<int>());
        for (var n = 0; n < 25; n++)
            await rig.RunMainAsync(n, $"a{24 - n:00}");

        var pages = new List<Page<OrchestrationMetadata>>();
        await foreach (var page in rig.Client.GetAllInstancesAsync(new OrchestrationQuery(PageSize: 10)).AsPages())
            pages.Add(page);

        Assert.Equal([10, 10, 5], pages.Select(page => page.Values.Count));
        Assert.Equal(Enumerable.Range(0, 25), pages.SelectMany(page => page.Values).Select(found => int.Parse(found.InstanceId.AsSpan(1))));
    }
}
