using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Headgate.Conformance.Durable;

public abstract partial class DurableConformance
{
    [SuiteFact]
    public async Task CallSubOrchestrator_Succeeds_ReturnsItsResultAndKnowsItsParent()
    {
        Script.Orchestrator("Child", context => Task.FromResult<object?>(
            $"{context.GetInput<string>()} of {context.Parent!.Name} {context.Parent.InstanceId}"));
        Script.Main = async context =>
            context.Parent is null ? await context.CallSubOrchestratorAsync<string>("Child", "child", Named("c1")) : "has a parent";

        Assert.Equal("child of Main main", (await RunMainAsync()).ReadOutputAs<string>());
        Assert.Equal(OrchestrationRuntimeStatus.Completed, await StatusAsync("c1"));
    }

    [SuiteFact]
    public async Task CallSubOrchestrator_WithoutAnId_GetsOneOfItsOwn()
    {
        Script.Orchestrator("Child", context => Task.FromResult<object?>(context.InstanceId));
        Script.Main = async context => await Task.WhenAll(
            context.CallSubOrchestratorAsync<string>("Child"), context.CallSubOrchestratorAsync<string>("Child"));

        var ids = (await RunMainAsync()).ReadOutputAs<string[]>()!;

        Assert.Equal(3, ids.Append("main").Distinct().Count());
        Assert.Equal(OrchestrationRuntimeStatus.Completed, await StatusAsync(ids[0]));
    }

    [SuiteFact]
    public async Task CallSubOrchestrator_Fails_ParentSeesTheFailureAsARecord()
    {
        Script.Orchestrator("Child", _ => throw new FormatException("bad", new IOException("worse")));
        Script.Main = async context =>
        {
            try
            {
                return await context.CallSubOrchestratorAsync<string>("Child");
            }
            catch (TaskFailedException failed) when (failed.FailureDetails.IsCausedBy<FormatException>())
            {
                return $"{failed.TaskName} {failed.FailureDetails.ErrorMessage} {failed.FailureDetails.InnerFailure!.ErrorMessage}";
            }
        };

        Assert.Equal("Child bad worse", (await RunMainAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task CallSubOrchestrator_FailsDeepDown_EveryLevelIsNamedOnTheWayUp()
    {
        Script.Activity("Break", _ => throw new InvalidOperationException("root"));
        Script.Orchestrator("Child", async context => await context.CallActivityAsync<string>("Break", "x"));
        Script.Main = async context => await context.CallSubOrchestratorAsync<string>("Child", null, Named("child"));

        var failure = (await RunMainAsync()).FailureDetails!;

        Assert.Equal(typeof(TaskFailedException).FullName, failure.ErrorType);
        Assert.Equal(typeof(TaskFailedException).FullName, failure.InnerFailure!.ErrorType);
        Assert.Equal("root", failure.InnerFailure.InnerFailure!.ErrorMessage);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, await StatusAsync("child"));
    }

    [SuiteFact]
    public async Task CallSubOrchestrator_IdOfALiveInstance_FailsTheCallAndLeavesTheInstance()
    {
        Script.Orchestrator("Child", async context => await context.WaitForExternalEvent<string>("go"));
        Script.Main = async context => await context.CallSubOrchestratorAsync<string>("Child", null, Named("child"));
        await StartAsync("Child", "child");

        var end = await RunMainAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        await Client.RaiseEventAsync("child", "go", "untouched");
        Assert.Equal("untouched", (await EndAsync("child")).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task CallSubOrchestrator_ManyAtOnce_AllAnswer()
    {
        Script.Orchestrator("Child", context => Task.FromResult<object?>(context.GetInput<int>() * 2));
        Script.Main = async context =>
            (await Task.WhenAll(Enumerable.Range(0, 100).Select(n => context.CallSubOrchestratorAsync<int>("Child", n)))).Sum();

        Assert.Equal(9900, (await RunMainAsync()).ReadOutputAs<int>());
    }

    [SuiteFact]
    public async Task CallSubOrchestrator_ContinuesAsNew_AnswersFromItsLastGeneration()
    {
        Script.Orchestrator("Child", context =>
        {
            var count = context.GetInput<int>();
            if (count < 5)
                context.ContinueAsNew(count + 1);
            return Task.FromResult<object?>(count);
        });
        Script.Main = async context => await context.CallSubOrchestratorAsync<int>("Child", 0);

        Assert.Equal(5, (await RunMainAsync()).ReadOutputAs<int>());
    }

    [SuiteFact]
    public async Task CallSubOrchestrator_ParentContinuesAsNewMeanwhile_TheLateAnswerIsDropped()
    {
        Script.Orchestrator("Child", async context => await context.WaitForExternalEvent<string>("go"));
        Script.Main = async context =>
        {
            if (context.GetInput<string>() is null)
            {
                _ = context.CallSubOrchestratorAsync<string>("Child", null, Named("child"));
                await context.WaitForExternalEvent<string>("next");
                context.ContinueAsNew("second");
                return null;
            }

            return await context.WaitForExternalEvent<string>("last");
        };
        await StartMainAsync();
        await ReachAsync(OrchestrationRuntimeStatus.Running, "child");
        await Client.RaiseEventAsync("main", "next");
        await UntilIdleAsync();

        await Client.RaiseEventAsync("child", "go", "late");
        await EndAsync("child");
        await UntilIdleAsync();
        await Client.RaiseEventAsync("main", "last", "done");

        Assert.Equal("done", (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task CallSubOrchestrator_RunsWhenTheParentReturns_IsWaitedFor()
    {
        Script.Orchestrator("Child", async context => await context.WaitForExternalEvent<string>("go"));
        Script.Main = context =>
        {
            _ = context.CallSubOrchestratorAsync<string>("Child", null, Named("child"));
            return Task.FromResult<object?>("early");
        };
        await StartMainAsync();
        await ReachAsync(OrchestrationRuntimeStatus.Running, "child");
        await UntilIdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Running, await StatusAsync());

        await Client.RaiseEventAsync("child", "go");

        Assert.Equal("early", (await EndAsync()).ReadOutputAs<string>());
    }
}
