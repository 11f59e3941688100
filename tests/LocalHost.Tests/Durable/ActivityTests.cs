using Headgate.LocalHost.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Headgate.LocalHost.Tests.Durable;

public sealed class ActivityTests
{
    private sealed record Order(string Name, int Count);

    [Fact]
    public async Task CallActivity_Succeeds_ReturnsItsResult()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Activity("Greet", name => $"Hello {name}");
        rig.Functions.Main = async context => await context.CallActivityAsync<string>("Greet", context.GetInput<string>());

        var end = await rig.RunMainAsync("Ada");

        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        Assert.Equal("Hello Ada", end.ReadOutputAs<string>());
        Assert.Equal("Ada", end.ReadInputAs<string>());
    }

    [Fact]
    public async Task CallActivity_RecordsInAndOut_KeepTheirFieldNames()
    {
        await using var rig = await EngineRig.StartAsync();
        string? text = null;
        rig.Functions.Call("Double", call =>
        {
            text = call.SerializedInput;
            var order = (Order)call.ReadInput(typeof(Order))!;
            return Task.FromResult<object?>(order with { Count = order.Count * 2 });
        });
        rig.Functions.Main = async context => await context.CallActivityAsync<Order>("Double", new Order("a", 2));

        var end = await rig.RunMainAsync();

        Assert.Equal("""{"Name":"a","Count":2}""", text);
        Assert.Equal(new Order("a", 4), end.ReadOutputAs<Order>());
    }

    [Fact]
    public async Task CallActivity_Throws_OrchestratorSeesTheFailureAsARecord()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Activity("Break", _ => throw new InvalidOperationException("outer", new FormatException("inner")));
        rig.Functions.Main = async context =>
        {
            try
            {
                await context.CallActivityAsync("Break", "x");
                return null;
            }
            catch (TaskFailedException failed)
            {
                return $"{failed.TaskName}|{failed.TaskId}|{failed.FailureDetails.ErrorType}|{failed.FailureDetails.ErrorMessage}"
                    + $"|{failed.FailureDetails.InnerFailure!.ErrorMessage}|{failed.FailureDetails.IsCausedBy<InvalidOperationException>()}";
            }
        };

        var end = await rig.RunMainAsync();

        Assert.Equal("Break|0|System.InvalidOperationException|outer|inner|True", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task CallActivity_FailureNotCaught_FailsTheOrchestrationWithTheCause()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Activity("Break", _ => throw new InvalidOperationException("no"));
        rig.Functions.Main = async context => await context.CallActivityAsync<string>("Break", "x");

        var end = await rig.RunMainAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal(typeof(TaskFailedException).FullName, end.FailureDetails!.ErrorType);
        Assert.Equal("no", end.FailureDetails.InnerFailure!.ErrorMessage);
    }

    [Fact]
    public async Task CallActivity_UnknownName_FailsNamingIt()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context => await context.CallActivityAsync<string>("Nowhere");

        var end = await rig.RunMainAsync();

        Assert.Contains("'Nowhere'", end.FailureDetails!.InnerFailure!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallActivity_OptionsPassedAsInput_Refused()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context => await context.CallActivityAsync<string>("A", (object)new TaskOptions());

        var end = await rig.RunMainAsync();

        Assert.Equal(typeof(ArgumentException).FullName, end.FailureDetails!.ErrorType);
    }

    [Fact]
    public async Task CallActivity_RetryPolicy_RepeatsWithGrowingDelaysUntilItSucceeds()
    {
        await using var rig = await EngineRig.StartAsync();
        var calls = new List<DateTimeOffset>();
        rig.Functions.Activity("Flaky", _ =>
        {
            calls.Add(rig.Clock.GetUtcNow());
            return calls.Count < 4 ? throw new IOException("not yet") : "done";
        });
        var policy = new RetryPolicy(5, TimeSpan.FromSeconds(10), 2, TimeSpan.FromSeconds(30));
        rig.Functions.Main = async context => await context.CallActivityAsync<string>("Flaky", "x", TaskOptions.FromRetryPolicy(policy));

        await rig.StartMainAsync();
        var end = await rig.AdvanceUntilEndAsync(TimeSpan.FromSeconds(1));

        Assert.Equal("done", end.ReadOutputAs<string>());
        Assert.Equal([10, 20, 30], calls.Zip(calls.Skip(1), (a, b) => Math.Round((b - a).TotalSeconds)));
    }

    [Fact]
    public async Task CallActivity_RetryPolicyExhausted_FailsAfterThatManyCalls()
    {
        await using var rig = await EngineRig.StartAsync();
        var calls = 0;
        rig.Functions.Activity("Broken", _ => throw new IOException($"call {Interlocked.Increment(ref calls)}"));
        rig.Functions.Main = async context => await context.CallActivityAsync<string>(
            "Broken", "x", TaskOptions.FromRetryPolicy(new(3, TimeSpan.FromSeconds(1))));

        await rig.StartMainAsync();
        var end = await rig.AdvanceUntilEndAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(3, calls);
        Assert.Equal("call 3", end.FailureDetails!.InnerFailure!.ErrorMessage);
    }

    [Fact]
    public async Task CallActivity_RetryPolicyRefusesTheFailure_CalledOnce()
    {
        await using var rig = await EngineRig.StartAsync();
        var calls = 0;
        rig.Functions.Activity("Broken", _ => throw new IOException($"call {Interlocked.Increment(ref calls)}"));
        var policy = new RetryPolicy(3, TimeSpan.FromSeconds(1)) { HandleFailure = failure => !failure.IsCausedBy<IOException>() };
        rig.Functions.Main = async context => await context.CallActivityAsync<string>("Broken", "x", TaskOptions.FromRetryPolicy(policy));

        await rig.RunMainAsync();

        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task CallActivity_RetryHandler_DecidesAfterEachFailure()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Activity("Broken", _ => throw new IOException("no"));
        rig.Functions.Main = async context =>
        {
            var seen = 0;
            try
            {
                await context.CallActivityAsync<string>("Broken", "x", TaskOptions.FromRetryHandler(retry =>
                {
                    seen = retry.LastAttemptNumber;
                    return retry.LastAttemptNumber < 3;
                }));
            }
            catch (TaskFailedException)
            {
            }

            return seen;
        };

        Assert.Equal(3, (await rig.RunMainAsync()).ReadOutputAs<int>());
    }

    [Fact]
    public async Task CallActivity_FanOutOfFiveHundred_AllAnswersComeBackInOrder()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Activity("Echo", text => text);
        rig.Functions.Main = async context =>
        {
            var all = await Task.WhenAll(Enumerable.Range(0, 500).Select(n => context.CallActivityAsync<string>("Echo", $"{n}")));
            return all.Select((text, n) => text == $"{n}").All(same => same);
        };

        Assert.True((await rig.RunMainAsync()).ReadOutputAs<bool>());
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
    public async Task CallActivity_LargeInputAndOutput_ArriveWhole()
    {
        await using var rig = await EngineRig.StartAsync();
        var large = new string('ä', 400_000);
        rig.Functions.Activity("Echo", text => text);
        rig.Functions.Main = async context => await context.CallActivityAsync<string>("Echo", context.GetInput<string>());

        Assert.Equal(large, (await rig.RunMainAsync(large)).ReadOutputAs<string>());
    }
}
