using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Headgate.LocalHost.Tests.Durable;

public sealed class SubOrchestrationTests
{
    [Fact]
    public async Task CallSubOrchestrator_Succeeds_ReturnsItsResultAndKnowsItsParent()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Orchestrator("Child", context => Task.FromResult<object?>(
            $"{context.GetInput<string>()} of {context.Parent!.Name} {context.Parent.InstanceId}"));
        rig.Functions.Main = async context =>
            await context.CallSubOrchestratorAsync<string>("Child", "child", new SubOrchestrationOptions(instanceId: "c1"));

        Assert.Equal("child of Main main", (await rig.RunMainAsync()).ReadOutputAs<string>());
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await rig.Client.GetInstanceAsync("c1"))!.RuntimeStatus);
    }

    [Fact]
    public async Task CallSubOrchestrator_Fails_ParentSeesTheFailureAsARecord()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Orchestrator("Child", _ => throw new FormatException("bad"));
        rig.Functions.Main = async context =>
        {
            try
            {
                return await context.CallSubOrchestratorAsync<string>("Child");
            }
            catch (TaskFailedException failed) when (failed.FailureDetails.IsCausedBy<FormatException>())
            {
                return failed.FailureDetails.ErrorMessage;
            }
        };

        Assert.Equal("bad", (await rig.RunMainAsync()).ReadOutputAs<string>());
    }

    [Fact]
    public async Task CallSubOrchestrator_RetryPolicy_StartsItAnew()
    {
        await using var rig = await EngineRig.StartAsync();
        var runs = 0;
        rig.Functions.Orchestrator("Child", _ => Interlocked.Increment(ref runs) < 3 ? throw new IOException("no") : Task.FromResult<object?>(runs));
        rig.Functions.Main = async context => await context.CallSubOrchestratorAsync<int>(
            "Child", null, new TaskOptions(new RetryPolicy(5, TimeSpan.FromSeconds(1))).WithInstanceId("child"));
        await rig.StartMainAsync();

        Assert.Equal(3, (await rig.AdvanceUntilEndAsync(TimeSpan.FromSeconds(1))).ReadOutputAs<int>());
    }

    [Fact]
    public async Task CallSubOrchestrator_IdOfALiveInstance_FailsTheCall()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Orchestrator("Child", async context => await context.WaitForExternalEvent<string>("never"));
        rig.Functions.Main = async context => await context.CallSubOrchestratorAsync<string>(
            "Child", null, new SubOrchestrationOptions(instanceId: "child"));
        await rig.Client.ScheduleNewOrchestrationInstanceAsync("Child", new StartOrchestrationOptions("child"));

        var end = await rig.RunMainAsync();

        Assert.Equal("InstanceExists", end.FailureDetails!.InnerFailure!.ErrorType);
    }

    [Fact]
    public async Task CallSubOrchestrator_ManyAtOnce_AllAnswer()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Orchestrator("Child", context => Task.FromResult<object?>(context.GetInput<int>() * 2));
        rig.Functions.Main = async context =>
            (await Task.WhenAll(Enumerable.Range(0, 100).Select(n => context.CallSubOrchestratorAsync<int>("Child", n)))).Sum();

        Assert.Equal(9900, (await rig.RunMainAsync()).ReadOutputAs<int>());
    }
}
