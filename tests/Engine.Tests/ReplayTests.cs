using Headgate.Engine.Replay;
using Microsoft.DurableTask;
using Xunit;

namespace Headgate.Engine.Tests;

public sealed class ReplayTests
{
    [Fact]
    public async Task Orchestrator_AsksForAnotherActivityOnReplay_FailsNamingBoth()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Activity("A", text => text).Activity("B", text => text);
        rig.Functions.Main = Then("A");
        await rig.StartMainAsync();
        await rig.UntilIdleAsync();
        rig.Functions.Main = Then("B");

        await rig.Client.RaiseEventAsync("main", "go");

        var failure = (await rig.EndAsync()).FailureDetails!;
        Assert.Equal(typeof(NondeterminismException).FullName, failure.ErrorType);
        Assert.Contains("expected activity 'A', asked activity 'B', at event 1", failure.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Orchestrator_AsksForLessOnReplay_FailsNamingWhatIsMissing()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Activity("A", text => text);
        rig.Functions.Main = Then("A");
        await rig.StartMainAsync();
        await rig.UntilIdleAsync();
        rig.Functions.Main = async context => await context.WaitForExternalEvent<string>("go");

        await rig.Client.RaiseEventAsync("main", "go");

        Assert.Contains("expected activity 'A', asked nothing, at event 1", (await rig.EndAsync()).FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Orchestrator_AsksForMoreOnReplay_FailsNamingTheSurplus()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Activity("A", text => text);
        rig.Functions.Main = async context => await context.WaitForExternalEvent<string>("go");
        await rig.StartMainAsync();
        await rig.UntilIdleAsync();
        rig.Functions.Main = Then("A");

        await rig.Client.RaiseEventAsync("main", "go");

        Assert.Contains("expected nothing more in this turn, asked activity 'A', at event 1", (await rig.EndAsync()).FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Orchestrator_AsksForALaterTimerOnReplay_IsWokenWhenTheRecordedOneIsDue()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = Waiting(TimeSpan.FromHours(1));
        await rig.StartMainAsync();
        await rig.UntilIdleAsync();
        rig.Functions.Main = Waiting(TimeSpan.FromHours(2));
        await rig.Client.RaiseEventAsync("main", "go");
        await rig.ReachAsync("gone on");
        await rig.UntilIdleAsync();

        rig.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal("rung", (await rig.EndAsync()).ReadOutputAs<string>());

        static Func<TaskOrchestrationContext, Task<object?>> Waiting(TimeSpan time) => async context =>
        {
            var timer = context.CreateTimer(time, CancellationToken.None);
            await context.WaitForExternalEvent<object?>("go");
            context.SetCustomStatus("gone on");
            await timer;
            return "rung";
        };
    }

    [Fact]
    public async Task Orchestrator_EndsEarlierOnReplay_Fails()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Activity("A", text => text);
        rig.Functions.Main = Then("A");
        await rig.StartMainAsync();
        await rig.UntilIdleAsync();
        rig.Functions.Main = _ => Task.FromResult<object?>("early");

        await rig.Client.RaiseEventAsync("main", "go");

        Assert.Contains("asked the end", (await rig.EndAsync()).FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Orchestrator_AwaitsAForeignTaskAlone_FailsInsteadOfHanging()
    {
        await using var rig = await EngineRig.StartAsync();
        var never = new TaskCompletionSource<string>();
        rig.Functions.Main = async _ => await never.Task;

        Assert.Equal(typeof(ForeignAwaitException).FullName, (await rig.RunMainAsync()).FailureDetails!.ErrorType);
    }

    [Fact]
    public async Task Orchestrator_ForeignTaskEndsAfterTheTurn_Fails()
    {
        await using var rig = await EngineRig.StartAsync();
        var foreign = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Functions.Main = async context =>
        {
            await await Task.WhenAny(foreign.Task, context.WaitForExternalEvent<string>("go")!);
            return null;
        };
        await rig.StartMainAsync();
        await rig.UntilIdleAsync();

        foreign.SetResult("x");

        Assert.Equal(typeof(ForeignAwaitException).FullName, (await rig.EndAsync()).FailureDetails!.ErrorType);
    }

    [Fact]
    public async Task Orchestrator_LeavesTheTurnByConfigureAwait_Fails()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Activity("Echo", text => text);
        rig.Functions.Main = async context =>
        {
            await context.CallActivityAsync<string>("Echo", "x").ConfigureAwait(false);
            return await context.CallActivityAsync<string>("Echo", "y");
        };

        Assert.Equal(typeof(ForeignAwaitException).FullName, (await rig.RunMainAsync()).FailureDetails!.ErrorType);
    }

    [Fact]
    public async Task Orchestrator_LeavesTheTurnByTaskRun_Fails()
    {
        await using var rig = await EngineRig.StartAsync();
        var turnEnded = new TaskCompletionSource();
        rig.Functions.Main = async context =>
        {
            context.SetCustomStatus("left");
            return await Task.Run(async () =>
            {
                await turnEnded.Task;
                return "x";
            });
        };
        await rig.StartMainAsync();
        await rig.ReachAsync("left");
        turnEnded.SetResult();

        Assert.Equal(typeof(ForeignAwaitException).FullName, (await rig.EndAsync()).FailureDetails!.ErrorType);
    }

    [Fact]
    public async Task Orchestrator_ResultThatCannotBeWritten_Fails()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = _ => Task.FromResult<object?>(typeof(string));

        Assert.Equal(typeof(NotSupportedException).FullName, (await rig.RunMainAsync()).FailureDetails!.ErrorType);
    }

    [Fact]
    public async Task Orchestrator_Unknown_FailsNamingIt()
    {
        await using var rig = await EngineRig.StartAsync();

        Assert.Contains("'Main'", (await rig.RunMainAsync()).FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    private static Func<TaskOrchestrationContext, Task<object?>> Then(string activity) => async context =>
    {
        await context.CallActivityAsync<string>(activity, "x");
        return await context.WaitForExternalEvent<string>("go");
    };
}
