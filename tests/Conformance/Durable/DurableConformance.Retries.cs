using Microsoft.DurableTask;

namespace Headgate.Conformance.Durable;

public abstract partial class DurableConformance
{
    [SuiteFact]
    public async Task RetryPolicy_FailuresThenSuccess_WaitsLongerEachTimeUpToTheCeiling()
    {
        var calls = new List<DateTimeOffset>();
        Script.Activity("Flaky", _ =>
        {
            calls.Add(Now);
            return calls.Count < 5 ? throw new IOException("not yet") : "done";
        });
        var policy = new RetryPolicy(6, TimeSpan.FromSeconds(10), 2, TimeSpan.FromSeconds(30));
        Script.Main = async context => await context.CallActivityAsync<string>("Flaky", "x", TaskOptions.FromRetryPolicy(policy));

        await StartMainAsync();
        var end = await AdvanceUntilEndAsync(TimeSpan.FromSeconds(1));

        Assert.Equal("done", end.ReadOutputAs<string>());
        Assert.Equal([10, 20, 30, 30], calls.Zip(calls.Skip(1), (a, b) => Math.Round((b - a).TotalSeconds)));
    }

    [SuiteFact]
    public async Task RetryPolicy_Exhausted_FailsWithTheLastFailureAfterThatManyCalls()
    {
        var calls = 0;
        Script.Activity("Broken", _ => throw new IOException($"call {Interlocked.Increment(ref calls)}"));
        Script.Main = async context => await context.CallActivityAsync<string>(
            "Broken", "x", TaskOptions.FromRetryPolicy(new(3, TimeSpan.FromSeconds(1))));

        await StartMainAsync();
        var end = await AdvanceUntilEndAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(3, calls);
        Assert.Equal("call 3", end.FailureDetails!.InnerFailure!.ErrorMessage);
    }

    [SuiteFact]
    public async Task RetryPolicy_OfOneAttempt_NeverRepeats()
    {
        var calls = 0;
        Script.Activity("Broken", _ => throw new IOException($"call {Interlocked.Increment(ref calls)}"));
        Script.Main = async context => await context.CallActivityAsync<string>(
            "Broken", "x", TaskOptions.FromRetryPolicy(new(1, TimeSpan.FromSeconds(1))));

        await RunMainAsync();

        Assert.Equal(1, calls);
    }

    [SuiteFact]
    public async Task RetryPolicy_TimeoutPassed_StopsBeforeTheAttemptsAreUsedUp()
    {
        var calls = 0;
        Script.Activity("Broken", _ => throw new IOException($"call {Interlocked.Increment(ref calls)}"));
        var policy = new RetryPolicy(100, TimeSpan.FromSeconds(10), retryTimeout: TimeSpan.FromSeconds(25));
        Script.Main = async context => await context.CallActivityAsync<string>("Broken", "x", TaskOptions.FromRetryPolicy(policy));

        await StartMainAsync();
        await AdvanceUntilEndAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(4, calls);
    }

    [SuiteFact]
    public async Task RetryPolicy_RefusesTheFailure_CallsOnce()
    {
        var calls = 0;
        Script.Activity("Broken", _ => throw new IOException($"call {Interlocked.Increment(ref calls)}"));
        var policy = new RetryPolicy(3, TimeSpan.FromSeconds(1)) { HandleFailure = failure => !failure.IsCausedBy<IOException>() };
        Script.Main = async context => await context.CallActivityAsync<string>("Broken", "x", TaskOptions.FromRetryPolicy(policy));

        await RunMainAsync();

        Assert.Equal(1, calls);
    }

    [SuiteFact]
    public async Task RetryPolicy_JudgeThrows_FailsWithTheActivitysFailure()
    {
        Script.Activity("Broken", _ => throw new IOException("the activity's"));
        var policy = new RetryPolicy(3, TimeSpan.FromSeconds(1)) { HandleFailure = _ => throw new FormatException("the judge's") };
        Script.Main = async context => await context.CallActivityAsync<string>("Broken", "x", TaskOptions.FromRetryPolicy(policy));

        Assert.Equal("the activity's", (await RunMainAsync()).FailureDetails!.InnerFailure!.ErrorMessage);
    }

    [SuiteFact]
    public async Task RetryPolicy_UnknownActivity_IsNotRepeated()
    {
        Script.Main = async context => await context.CallActivityAsync<string>(
            "Nowhere", "x", TaskOptions.FromRetryPolicy(new(3, TimeSpan.FromDays(1))));

        Assert.Contains("'Nowhere'", (await RunMainAsync()).FailureDetails!.InnerFailure!.ErrorMessage, StringComparison.Ordinal);
    }

    [SuiteFact]
    public async Task RetryHandler_AfterEachFailure_DecidesByWhatItIsTold()
    {
        Script.Activity("Broken", _ => throw new IOException("no"));
        var told = new List<string>();
        Script.Main = async context =>
        {
            told.Clear();
            return await context.CallActivityAsync<string>("Broken", "x", TaskOptions.FromRetryHandler(retry =>
            {
                told.Add($"{retry.LastAttemptNumber} {retry.LastFailure.ErrorMessage} {retry.OrchestrationContext.InstanceId}");
                return retry.LastAttemptNumber < 3;
            }));
        };

        var end = await RunMainAsync();

        Assert.Equal(["1 no main", "2 no main", "3 no main"], told);
        Assert.Equal("no", end.FailureDetails!.InnerFailure!.ErrorMessage);
    }

    [SuiteFact]
    public async Task RetryHandler_AwaitsATimer_TheNextAttemptWaitsForIt()
    {
        var calls = new List<DateTimeOffset>();
        Script.Activity("Flaky", _ =>
        {
            calls.Add(Now);
            return calls.Count < 3 ? throw new IOException("not yet") : "done";
        });
        var spent = new List<double>();
        Script.Main = async context =>
        {
            spent.Clear();
            AsyncRetryHandler waits = async retry =>
            {
                spent.Add(Math.Round(retry.TotalRetryTime.TotalMinutes));
                await retry.OrchestrationContext.CreateTimer(TimeSpan.FromMinutes(retry.LastAttemptNumber), CancellationToken.None);
                return true;
            };
            return await context.CallActivityAsync<string>("Flaky", "x", TaskOptions.FromRetryHandler(waits));
        };

        await StartMainAsync();
        var end = await AdvanceUntilEndAsync(TimeSpan.FromSeconds(10));

        Assert.Equal("done", end.ReadOutputAs<string>());
        Assert.Equal([1, 2], calls.Zip(calls.Skip(1), (a, b) => Math.Round((b - a).TotalMinutes)));
        Assert.Equal([0, 1], spent);
    }

    [SuiteFact]
    public async Task RetryPolicy_OfASubOrchestration_StartsItAnewUnderItsId()
    {
        var runs = 0;
        Script.Orchestrator("Child", context => Interlocked.Increment(ref runs) < 3 ? throw new IOException("no") : Task.FromResult<object?>(context.InstanceId));
        Script.Main = async context => await context.CallSubOrchestratorAsync<string>(
            "Child", null, new TaskOptions(new RetryPolicy(5, TimeSpan.FromSeconds(1))).WithInstanceId("child"));
        await StartMainAsync();

        Assert.Equal("child", (await AdvanceUntilEndAsync(TimeSpan.FromSeconds(1))).ReadOutputAs<string>());
        Assert.Equal(3, runs);
    }

    [SuiteFact]
    public async Task RetryHandler_OfASubOrchestration_DecidesToo()
    {
        var runs = 0;
        Script.Orchestrator("Child", _ => Interlocked.Increment(ref runs) < 3 ? throw new IOException("no") : Task.FromResult<object?>(runs));
        Script.Main = async context => await context.CallSubOrchestratorAsync<int>(
            "Child", null, TaskOptions.FromRetryHandler(retry => retry.LastFailure.IsCausedBy<IOException>()));

        Assert.Equal(3, (await RunMainAsync()).ReadOutputAs<int>());
    }
}
