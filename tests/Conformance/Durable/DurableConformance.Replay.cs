using System.Collections.Concurrent;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Headgate.Conformance.Durable;

public abstract partial class DurableConformance
{
    [SuiteFact]
    public async Task NewGuidAndTime_ReplayedManyTimes_StayTheSame()
    {
        var seen = new ConcurrentQueue<string>();
        Script.Activity("Echo", text => text);
        Script.Main = async context =>
        {
            var (first, second) = (context.NewGuid(), context.NewGuid());
            seen.Enqueue($"{first} {second} {context.CurrentUtcDateTime:O}");
            for (var n = 0; n < 5; n++)
            {
                await context.CreateTimer(TimeSpan.FromSeconds(1), CancellationToken.None);
                await context.CallActivityAsync<string>("Echo", "x");
            }

            return first != second && first != Guid.Empty;
        };
        await StartMainAsync();

        Assert.True((await AdvanceUntilEndAsync(TimeSpan.FromSeconds(1))).ReadOutputAs<bool>());
        Assert.True(seen.Count > 5);
        Assert.Single(seen.Distinct());
    }

    [SuiteFact]
    public async Task NewGuid_OfTwoInstances_Differs()
    {
        Script.Main = context => Task.FromResult<object?>(context.NewGuid());

        Assert.NotEqual((await RunMainAsync(id: "a")).ReadOutputAs<Guid>(), (await RunMainAsync(id: "b")).ReadOutputAs<Guid>());
    }

    [SuiteFact]
    public async Task CurrentUtcDateTime_FromWaitToWait_GoesOnWithTheClockAndStandsStillBetween()
    {
        Script.Main = async context =>
        {
            var (start, again) = (context.CurrentUtcDateTime, context.CurrentUtcDateTime);
            await context.CreateTimer(TimeSpan.FromMinutes(10), CancellationToken.None);
            return start == again && start.Kind == DateTimeKind.Utc && context.CurrentUtcDateTime - start >= TimeSpan.FromMinutes(10);
        };
        await StartMainAsync();

        Assert.True((await AdvanceUntilEndAsync(TimeSpan.FromMinutes(1))).ReadOutputAs<bool>());
    }

    [SuiteFact]
    public async Task IsReplaying_CodeThatRunsForTheFirstTime_SaysNo()
    {
        var fresh = new ConcurrentQueue<string>();
        Script.Activity("Echo", text => text);
        Script.Main = async context =>
        {
            for (var step = 0; step < 3; step++)
            {
                if (!context.IsReplaying)
                    fresh.Enqueue($"{step}");
                await context.CallActivityAsync<string>("Echo", "x");
            }

            return null;
        };

        await RunMainAsync();

        Assert.Equal(["0", "1", "2"], fresh);
    }

    [SuiteFact]
    public async Task ReplaySafeLogger_ManyTurns_SaysEachThingOnce()
    {
        Script.Activity("Echo", text => text);
        Script.Main = async context =>
        {
            var logger = context.CreateReplaySafeLogger("mine");
            var other = context.ReplaySafeLoggerFactory.CreateLogger("mine");
            for (var n = 0; n < 3; n++)
            {
                logger.Log(LogLevel.Information, default, n, null, (at, _) => $"step {at}");
                await context.CallActivityAsync<string>("Echo", "x");
                other.Log(LogLevel.Information, default, n, null, (at, _) => $"after {at}");
            }

            return null;
        };

        await RunMainAsync();

        Assert.Equal(["step 0", "after 0", "step 1", "after 1", "step 2", "after 2"], Logged("mine"));
    }

    [SuiteFact]
    public async Task CustomStatus_SetBeforeAWait_IsShownAndKept()
    {
        Script.Main = async context =>
        {
            context.SetCustomStatus("half way");
            await context.WaitForExternalEvent<string>("go");
            return null;
        };
        await StartMainAsync();
        await ReachAsync("half way");

        await Client.RaiseEventAsync("main", "go");

        Assert.Equal("half way", (await EndAsync()).ReadCustomStatusAs<string>());
    }

    [SuiteFact]
    public async Task CustomStatus_SetAgain_ShowsTheLatestAndNullClearsIt()
    {
        Script.Main = async context =>
        {
            context.SetCustomStatus("one");
            context.SetCustomStatus("two");
            await context.WaitForExternalEvent<string>("go");
            context.SetCustomStatus(null);
            return null;
        };
        await StartMainAsync();
        await ReachAsync("two");

        await Client.RaiseEventAsync("main", "go");

        Assert.Null((await EndAsync()).ReadCustomStatusAs<string>());
    }

    [SuiteFact]
    public async Task CustomStatus_OfAFailedInstance_IsKept()
    {
        Script.Main = context =>
        {
            context.SetCustomStatus(new Order("last words", 1));
            throw new IOException("no");
        };

        Assert.Equal(new Order("last words", 1), (await RunMainAsync()).ReadCustomStatusAs<Order>());
    }

    [SuiteFact]
    public async Task Orchestrator_ChangedSoThatReplayAsksForAnotherActivity_FailsNamingIt()
    {
        Script.Activity("Old", text => text).Activity("New", text => text);
        Script.Main = Then("Old");
        await StartMainAsync();
        await UntilIdleAsync();
        Script.Main = Then("New");

        await Client.RaiseEventAsync("main", "go");

        var end = await EndAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Contains("New", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [SuiteFact]
    public async Task CallActivity_InputThatCannotBeWritten_ThrowsOnReplayToo()
    {
        Script.Activity("Echo", text => text);
        Script.Main = async context =>
        {
            var refused = false;
            try
            {
                await context.CallActivityAsync<string>("Echo", typeof(string));
            }
            catch (NotSupportedException)
            {
                refused = true;
            }

            await context.CallActivityAsync<string>("Echo", "x");
            return refused;
        };

        var end = await RunMainAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        Assert.True(end.ReadOutputAs<bool>());
    }

    [SuiteFact]
    public async Task Orchestrator_Throws_FailsWithItsFailure()
    {
        Script.Main = _ => throw new FormatException("outer", new IOException("inner"));

        var end = await RunMainAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal(("System.FormatException", "outer"), (end.FailureDetails!.ErrorType, end.FailureDetails.ErrorMessage));
        Assert.Equal("inner", end.FailureDetails.InnerFailure!.ErrorMessage);
        Assert.True(end.IsCompleted);
    }

    [SuiteFact]
    public async Task Orchestrator_WorkerRestartedInTheMiddle_GoesOn()
    {
        Script.Main = async context => await context.WaitForExternalEvent<string>("go") + await context.WaitForExternalEvent<string>("go");
        await StartMainAsync();
        await Client.RaiseEventAsync("main", "go", "a");
        await UntilIdleAsync();

        await RestartAsync();
        await Client.RaiseEventAsync("main", "go", "b");

        Assert.Equal("ab", (await EndAsync()).ReadOutputAs<string>());
    }

    protected static Func<TaskOrchestrationContext, Task<object?>> Then(string activity) => async context =>
    {
        await context.CallActivityAsync<string>(activity, "x");
        return await context.WaitForExternalEvent<string>("go");
    };
}
