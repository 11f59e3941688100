using Headgate.LocalHost.Durable.Client;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Headgate.LocalHost.Tests.Durable;

public sealed class ControlTests
{
    [Fact]
    public async Task Terminate_AWaitingInstance_EndsItWithTheOutput()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = Forever;
        await rig.StartMainAsync();

        await rig.Client.TerminateInstanceAsync("main", (object)"stopped");

        var end = await rig.EndAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, end.RuntimeStatus);
        Assert.Equal("stopped", end.ReadOutputAs<string>());
    }

    [Theory]
    [InlineData(true, OrchestrationRuntimeStatus.Terminated)]
    [InlineData(false, OrchestrationRuntimeStatus.Running)]
    public async Task Terminate_WithSubOrchestrations_EndsThemOnlyWhenRecursive(bool recursive, OrchestrationRuntimeStatus expected)
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Orchestrator("Leaf", Forever);
        rig.Functions.Orchestrator("Child", async context =>
            await context.CallSubOrchestratorAsync<string>("Leaf", null, new SubOrchestrationOptions(instanceId: "leaf")));
        rig.Functions.Main = async context =>
            await context.CallSubOrchestratorAsync<string>("Child", null, new SubOrchestrationOptions(instanceId: "child"));
        await rig.StartMainAsync();
        await rig.ReachAsync(OrchestrationRuntimeStatus.Running, "leaf");

        await rig.Client.TerminateInstanceAsync("main", new TerminateInstanceOptions(Recursive: recursive));
        await rig.EndAsync();

        await rig.ReachAsync(expected, "child");
        await rig.ReachAsync(expected, "leaf");
    }

    [Fact]
    public async Task Terminate_ASubOrchestration_FailsTheCall()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Orchestrator("Child", Forever);
        rig.Functions.Main = async context =>
            await context.CallSubOrchestratorAsync<string>("Child", null, new SubOrchestrationOptions(instanceId: "child"));
        await rig.StartMainAsync();
        await rig.ReachAsync(OrchestrationRuntimeStatus.Running, "child");

        await rig.Client.TerminateInstanceAsync("child");

        Assert.Equal("OrchestrationTerminated", (await rig.EndAsync()).FailureDetails!.InnerFailure!.ErrorType);
    }

    [Fact]
    public async Task Suspend_TimersAndActivitiesWhileHeld_CountAfterResume()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context =>
        {
            await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            return "rang";
        };
        await rig.StartMainAsync();
        await rig.SettleAsync();
        await rig.Client.SuspendInstanceAsync("main");
        await rig.ReachAsync(OrchestrationRuntimeStatus.Suspended);

        rig.Clock.Advance(TimeSpan.FromHours(1));
        await rig.SettleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, (await rig.Client.GetInstanceAsync("main"))!.RuntimeStatus);
        await rig.Client.ResumeInstanceAsync("main");

        Assert.Equal("rang", (await rig.EndAsync()).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Terminate_ASuspendedInstance_EndsIt()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = Forever;
        await rig.StartMainAsync();
        await rig.Client.SuspendInstanceAsync("main");
        await rig.ReachAsync(OrchestrationRuntimeStatus.Suspended);

        await rig.Client.TerminateInstanceAsync("main");

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await rig.EndAsync()).RuntimeStatus);
    }

    [Fact]
    public async Task Purge_AnEndedInstance_LeavesNothing()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = _ => Task.FromResult<object?>(1);
        await rig.RunMainAsync();

        Assert.Equal(1, (await rig.Client.PurgeInstanceAsync("main")).PurgedInstanceCount);

        Assert.Null(await rig.Client.GetInstanceAsync("main"));
        Assert.Equal(0, (await rig.Client.PurgeInstanceAsync("main")).PurgedInstanceCount);
        await rig.RestartAsync();
        Assert.Null(await rig.Client.GetInstanceAsync("main"));
    }

    [Fact]
    public async Task Purge_Recursive_TakesSubOrchestrationsToo()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Orchestrator("Child", _ => Task.FromResult<object?>(1));
        rig.Functions.Main = async context =>
            await context.CallSubOrchestratorAsync<int>("Child", null, new SubOrchestrationOptions(instanceId: "child"));
        await rig.RunMainAsync();

        Assert.Equal(2, (await rig.Client.PurgeInstanceAsync("main", new PurgeInstanceOptions(Recursive: true))).PurgedInstanceCount);
        Assert.Null(await rig.Client.GetInstanceAsync("child"));
    }

    [Fact]
    public async Task Purge_ALiveInstance_Refused()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = Forever;
        await rig.StartMainAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => rig.Client.PurgeInstanceAsync("main"));
    }

    [Fact]
    public async Task PurgeAll_ByStatus_TakesTheEndedOnesThatMatch()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Orchestrator("Wait", Forever);
        rig.Functions.Orchestrator("Break", _ => throw new IOException("no"));
        rig.Functions.Main = _ => Task.FromResult<object?>(1);
        await rig.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions("waits"));
        await rig.Client.ScheduleNewOrchestrationInstanceAsync("Break", new StartOrchestrationOptions("broken"));
        await rig.EndAsync("broken");
        await rig.RunMainAsync();

        var purged = await rig.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(Statuses: [OrchestrationRuntimeStatus.Completed]));

        Assert.Equal(1, purged.PurgedInstanceCount);
        Assert.NotNull(await rig.Client.GetInstanceAsync("broken"));
        Assert.NotNull(await rig.Client.GetInstanceAsync("waits"));
    }

    [Fact]
    public async Task Schedule_IdOfAnEndedInstance_ReplacesIt()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = context => Task.FromResult<object?>(context.GetInput<int>());
        await rig.RunMainAsync(1);

        Assert.Equal(2, (await rig.RunMainAsync(2)).ReadOutputAs<int>());
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
    public async Task Schedule_IdOfALiveInstanceNotNamed_EndsThatAndStartsAnew()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context => context.GetInput<string>() ?? await context.WaitForExternalEvent<string>("never");
        await rig.StartMainAsync();
        await rig.SettleAsync();

        Assert.Equal("new", (await rig.RunMainAsync("new")).ReadOutputAs<string>());
    }

    private static async Task<object?> Forever(TaskOrchestrationContext context) => await context.WaitForExternalEvent<string>("never");
}
