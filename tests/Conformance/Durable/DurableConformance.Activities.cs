using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Headgate.Conformance.Durable;

public abstract partial class DurableConformance
{
    private sealed record Order(string Name, int Count);

    [SuiteFact]
    public async Task CallActivity_Succeeds_ReturnsItsResult()
    {
        Script.Activity("Greet", name => $"Hello {name}");
        Script.Main = async context => await context.CallActivityAsync<string>("Greet", context.GetInput<string>());

        var end = await RunMainAsync("Ada");

        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        Assert.Equal("Hello Ada", end.ReadOutputAs<string>());
        Assert.Equal("Ada", end.ReadInputAs<string>());
    }

    [SuiteFact]
    public async Task CallActivity_RecordsInAndOut_ArriveAsSent()
    {
        Script.Activity<Order>("Double", (_, order) => Task.FromResult<object?>(order! with { Count = order.Count * 2 }));
        Script.Main = async context => await context.CallActivityAsync<Order>("Double", new Order("a", 2));

        Assert.Equal(new Order("a", 4), (await RunMainAsync()).ReadOutputAs<Order>());
    }

    [SuiteFact]
    public async Task CallActivity_WithoutInputAndResult_PassesNothing()
    {
        Script.Activity<string>("Quiet", (_, input) => Task.FromResult<object?>(input));
        Script.Main = async context => await context.CallActivityAsync<string>("Quiet") is null;

        Assert.True((await RunMainAsync()).ReadOutputAs<bool>());
    }

    [SuiteFact]
    public async Task CallActivity_Running_KnowsItsNameAndInstance()
    {
        Script.Activity<string>("Who", (context, _) => Task.FromResult<object?>($"{context.Name.Name} of {context.InstanceId}"));
        Script.Main = async context => await context.CallActivityAsync<string>("Who");

        Assert.Equal("Who of main", (await RunMainAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task CallActivity_Throws_OrchestratorSeesTheFailureAsARecord()
    {
        Script.Activity("Break", _ => throw new InvalidOperationException("outer", new FormatException("inner")));
        Script.Main = async context =>
        {
            try
            {
                return await context.CallActivityAsync<string>("Break", "x");
            }
            catch (TaskFailedException failed)
            {
                var (details, cause) = (failed.FailureDetails, failed.FailureDetails.InnerFailure!);
                return $"{failed.TaskName}|{details.ErrorType}|{details.ErrorMessage}|{cause.ErrorType}|{cause.ErrorMessage}|{cause.InnerFailure is null}"
                    + $"|{details.IsCausedBy<InvalidOperationException>()}|{details.IsCausedBy<FormatException>()}";
            }
        };

        Assert.Equal(
            "Break|System.InvalidOperationException|outer|System.FormatException|inner|True|True|False",
            (await RunMainAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task CallActivity_FailureNotCaught_FailsTheOrchestrationWithTheCause()
    {
        Script.Activity("Break", _ => throw new InvalidOperationException("no"));
        Script.Main = async context => await context.CallActivityAsync<string>("Break", "x");

        var end = await RunMainAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal(typeof(TaskFailedException).FullName, end.FailureDetails!.ErrorType);
        Assert.Equal("no", end.FailureDetails.InnerFailure!.ErrorMessage);
        Assert.True(end.FailureDetails.InnerFailure.IsCausedBy<InvalidOperationException>());
    }

    [SuiteFact]
    public async Task CallActivity_FailsAndIsCaught_TheOrchestrationGoesOn()
    {
        Script.Activity("Break", _ => throw new IOException("no")).Activity("Mend", text => text + " mended");
        Script.Main = async context =>
        {
            try
            {
                return await context.CallActivityAsync<string>("Break", "x");
            }
            catch (TaskFailedException failed)
            {
                return await context.CallActivityAsync<string>("Mend", failed.FailureDetails.ErrorMessage);
            }
        };

        Assert.Equal("no mended", (await RunMainAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task CallActivity_ResultOfAnotherType_FailsTheOrchestration()
    {
        Script.Activity("Word", text => text);
        Script.Main = async context => await context.CallActivityAsync<int>("Word", "no number");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await RunMainAsync()).RuntimeStatus);
    }

    [SuiteFact]
    public async Task CallActivity_ResultThatCannotBeWritten_FailsTheCall()
    {
        Script.Activity<string>("Odd", (_, _) => Task.FromResult<object?>(typeof(string)));
        Script.Main = async context => await context.CallActivityAsync<string>("Odd");

        var end = await RunMainAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.True(end.FailureDetails!.InnerFailure!.IsCausedBy<NotSupportedException>());
    }

    [SuiteFact]
    public async Task CallActivity_UnknownName_FailsNamingIt()
    {
        Script.Main = async context => await context.CallActivityAsync<string>("Nowhere");

        Assert.Contains("'Nowhere'", (await RunMainAsync()).FailureDetails!.InnerFailure!.ErrorMessage, StringComparison.Ordinal);
    }

    [SuiteFact]
    public async Task CallActivity_OptionsPassedAsInput_IsRefused()
    {
        Script.Main = async context => await context.CallActivityAsync<string>("A", (object)new TaskOptions());

        Assert.Equal(typeof(ArgumentException).FullName, (await RunMainAsync()).FailureDetails!.ErrorType);
    }

    [SuiteFact]
    public async Task CallActivity_FanOutOfFiveHundred_AllAnswersComeBackInOrder()
    {
        Script.Activity("Echo", text => text);
        Script.Main = async context =>
            await Task.WhenAll(Enumerable.Range(0, 500).Select(n => context.CallActivityAsync<string>("Echo", $"{n}")));

        Assert.Equal(Enumerable.Range(0, 500).Select(n => $"{n}"), (await RunMainAsync()).ReadOutputAs<string[]>()!);
    }

    [SuiteFact]
    public async Task CallActivity_FanOutWithFailures_EachCallFailsForItself()
    {
        Script.Activity<int>("Odd", (_, n) => n % 2 == 0 ? throw new FormatException($"{n}") : Task.FromResult<object?>(n));
        Script.Main = async context =>
        {
            var calls = Enumerable.Range(0, 500).Select(n => context.CallActivityAsync<int>("Odd", n)).ToList();
            try
            {
                await Task.WhenAll(calls);
                return "no failure";
            }
            catch (TaskFailedException)
            {
                return $"{calls.Count(call => call.IsCompletedSuccessfully)} {calls.Where((call, n) => call.IsFaulted && n % 2 == 0).Count()}";
            }
        };

        Assert.Equal("250 250", (await RunMainAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task CallActivity_WhenAnyOfTwo_GoesOnWithTheFirst()
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Script.Activity("Fast", text => text).Activity<string>("Slow", async (_, text) =>
        {
            await hold.Task;
            return text;
        });
        Script.Main = async context =>
        {
            var (slow, fast) = (context.CallActivityAsync<string>("Slow", "slow"), context.CallActivityAsync<string>("Fast", "fast"));
            context.SetCustomStatus(await await Task.WhenAny(slow, fast));
            return await slow;
        };
        await StartMainAsync();

        await ReachAsync("fast");
        hold.SetResult();

        Assert.Equal("slow", (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task CallActivity_StillOutWhenTheOrchestratorReturns_IsWaitedFor()
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Script.Activity<string>("Slow", async (_, _) =>
        {
            await hold.Task;
            return null;
        });
        Script.Main = context =>
        {
            _ = context.CallActivityAsync<string>("Slow");
            context.SetCustomStatus("returns");
            return Task.FromResult<object?>("early");
        };
        await StartMainAsync();
        await ReachAsync("returns");
        Assert.Equal(OrchestrationRuntimeStatus.Running, await StatusAsync());

        hold.SetResult();

        Assert.Equal("early", (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task CallActivity_LargeInputAndOutput_ArriveWhole()
    {
        var large = new string('ä', 400_000);
        Script.Activity("Echo", text => text);
        Script.Main = async context => await context.CallActivityAsync<string>("Echo", context.GetInput<string>());

        var end = await RunMainAsync(large);

        Assert.Equal(large, end.ReadOutputAs<string>());
        Assert.Equal(large, end.ReadInputAs<string>());
    }
}
