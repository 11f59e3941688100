using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Headgate.Conformance.Durable;

public abstract partial class DurableConformance
{
    [SuiteFact]
    public async Task Terminate_AWaitingInstance_EndsItWithTheOutput()
    {
        Script.Main = Forever;
        await StartMainAsync();

        await Client.TerminateInstanceAsync("main", (object)"stopped");

        var end = await EndAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, end.RuntimeStatus);
        Assert.Equal("stopped", end.ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task Terminate_AnInstanceThatHasNotBegun_EndsItUnrun()
    {
        var runs = 0;
        Script.Main = _ => Task.FromResult<object?>(Interlocked.Increment(ref runs));
        await Client.ScheduleNewOrchestrationInstanceAsync("Main", new StartOrchestrationOptions("main", Now + TimeSpan.FromHours(1)));

        await Client.TerminateInstanceAsync("main");
        await EndAsync();
        await AdvanceAsync(TimeSpan.FromHours(2));
        await UntilIdleAsync();

        Assert.Equal((OrchestrationRuntimeStatus.Terminated, 0), (await StatusAsync(), runs));
    }

    [SuiteFact]
    public async Task Terminate_AFinishedOrUnknownInstance_ChangesNothing()
    {
        Script.Main = _ => Task.FromResult<object?>("done");
        await RunMainAsync();

        await Client.TerminateInstanceAsync("main", (object)"too late");
        await Client.TerminateInstanceAsync("nobody");
        await UntilIdleAsync();

        var end = await EndAsync();
        Assert.Equal((OrchestrationRuntimeStatus.Completed, "done"), (end.RuntimeStatus, end.ReadOutputAs<string>()));
        Assert.Null(await StatusAsync("nobody"));
    }

    [SuiteFact]
    public async Task Terminate_ActivityOut_ItsAnswerIsDropped()
    {
        var (begun, hold) = (new TaskCompletionSource(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        Script.Activity<string>("Hold", async (_, _) =>
        {
            begun.TrySetResult();
            await hold.Task;
            return "late";
        });
        Script.Main = async context => await context.CallActivityAsync<string>("Hold");
        await StartMainAsync();
        await begun.Task.WaitAsync(Patience);

        await Client.TerminateInstanceAsync("main");
        var end = await EndAsync();
        hold.SetResult();
        await UntilIdleAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, end.RuntimeStatus);
        Assert.Equal(end.LastUpdatedAt, (await Client.GetInstanceAsync("main"))!.LastUpdatedAt);
    }

    [SuiteTheory]
    [InlineData(true, OrchestrationRuntimeStatus.Terminated)]
    [InlineData(false, OrchestrationRuntimeStatus.Running)]
    public async Task Terminate_WithSubOrchestrations_EndsThemOnlyWhenRecursive(bool recursive, OrchestrationRuntimeStatus expected)
    {
        Script.Orchestrator("Leaf", Forever);
        Script.Orchestrator("Child", async context => await context.CallSubOrchestratorAsync<string>("Leaf", null, Named("leaf")));
        Script.Main = async context => await context.CallSubOrchestratorAsync<string>("Child", null, Named("child"));
        await StartMainAsync();
        await ReachAsync(OrchestrationRuntimeStatus.Running, "leaf");

        await Client.TerminateInstanceAsync("main", new TerminateInstanceOptions(Recursive: recursive));
        await EndAsync();

        await ReachAsync(expected, "child");
        await ReachAsync(expected, "leaf");
    }

    [SuiteFact]
    public async Task Terminate_ASubOrchestration_FailsTheCall()
    {
        Script.Orchestrator("Child", Forever);
        Script.Main = async context =>
        {
            try
            {
                return await context.CallSubOrchestratorAsync<string>("Child", null, Named("child"));
            }
            catch (TaskFailedException failed)
            {
                return $"{failed.TaskName} failed";
            }
        };
        await StartMainAsync();
        await ReachAsync(OrchestrationRuntimeStatus.Running, "child");

        await Client.TerminateInstanceAsync("child");

        Assert.Equal("Child failed", (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task Terminate_ASuspendedInstance_EndsIt()
    {
        Script.Main = Forever;
        await StartMainAsync();
        await Client.SuspendInstanceAsync("main");
        await ReachAsync(OrchestrationRuntimeStatus.Suspended);

        await Client.TerminateInstanceAsync("main");

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await EndAsync()).RuntimeStatus);
    }

    [SuiteFact]
    public async Task Suspend_TimerComesDueMeanwhile_CountsAfterResume()
    {
        Script.Main = async context =>
        {
            await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            return "rang";
        };
        await StartMainAsync();
        await UntilIdleAsync();
        await Client.SuspendInstanceAsync("main");
        await ReachAsync(OrchestrationRuntimeStatus.Suspended);

        await AdvanceAsync(TimeSpan.FromHours(1));
        await UntilIdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, await StatusAsync());
        await Client.ResumeInstanceAsync("main");

        Assert.Equal("rang", (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task Suspend_ActivityAnswersMeanwhile_CountsAfterResume()
    {
        var (begun, hold) = (new TaskCompletionSource(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        Script.Activity<string>("Hold", async (_, _) =>
        {
            begun.TrySetResult();
            await hold.Task;
            return "answer";
        });
        Script.Main = async context => await context.CallActivityAsync<string>("Hold");
        await StartMainAsync();
        await begun.Task.WaitAsync(Patience);
        await Client.SuspendInstanceAsync("main");
        await ReachAsync(OrchestrationRuntimeStatus.Suspended);

        hold.SetResult();
        await UntilIdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, await StatusAsync());
        await Client.ResumeInstanceAsync("main");

        Assert.Equal("answer", (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task Suspend_TwiceThenResumedOnce_GoesOn()
    {
        Script.Main = async context => await context.WaitForExternalEvent<string>("go");
        await StartMainAsync();
        await Client.SuspendInstanceAsync("main");
        await Client.SuspendInstanceAsync("main");
        await ReachAsync(OrchestrationRuntimeStatus.Suspended);

        await Client.ResumeInstanceAsync("main");
        await ReachAsync(OrchestrationRuntimeStatus.Running);
        await Client.RaiseEventAsync("main", "go", "gone");

        Assert.Equal("gone", (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task Suspend_WorkerRestarted_StaysSuspendedAndKeepsItsEvents()
    {
        Script.Main = async context => await context.WaitForExternalEvent<string>("go");
        await StartMainAsync();
        await UntilIdleAsync();
        await Client.SuspendInstanceAsync("main");
        await ReachAsync(OrchestrationRuntimeStatus.Suspended);
        await Client.RaiseEventAsync("main", "go", "gone");

        await RestartAsync();
        await UntilIdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, await StatusAsync());
        await Client.ResumeInstanceAsync("main");

        Assert.Equal("gone", (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task SuspendAndResume_AFinishedOrRunningInstance_ChangeNothing()
    {
        Script.Orchestrator("Wait", async context => await context.WaitForExternalEvent<string>("go"));
        Script.Main = _ => Task.FromResult<object?>("done");
        await RunMainAsync();
        await StartAsync("Wait", "waits");

        await Client.SuspendInstanceAsync("main");
        await Client.ResumeInstanceAsync("waits");
        await Client.RaiseEventAsync("waits", "go", "gone");

        Assert.Equal("gone", (await EndAsync("waits")).ReadOutputAs<string>());
        Assert.Equal(OrchestrationRuntimeStatus.Completed, await StatusAsync());
    }
}
