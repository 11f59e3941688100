using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Headgate.Conformance.Durable;

public abstract partial class DurableConformance
{
    [SuiteFact]
    public async Task ContinueAsNew_ManyGenerations_EachStartsWithItsInput()
    {
        Script.Activity("Next", text => text + ".");
        Script.Main = async context =>
        {
            var text = await context.CallActivityAsync<string>("Next", context.GetInput<string>());
            if (text.Length < 10)
                context.ContinueAsNew(text);
            return text;
        };

        Assert.Equal("..........", (await RunMainAsync("")).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task ContinueAsNew_WithOptions_DoesTheSame()
    {
        Script.Main = context =>
        {
            var count = context.GetInput<int>();
            if (count < 3)
                context.ContinueAsNew(new ContinueAsNewOptions { NewInput = count + 1 });
            return Task.FromResult<object?>(count);
        };

        Assert.Equal(3, (await RunMainAsync(0)).ReadOutputAs<int>());
    }

    [SuiteFact]
    public async Task ContinueAsNew_AskedBeforeAnotherWait_TakesEffectAtTheEnd()
    {
        Script.Activity("Echo", text => text);
        Script.Main = async context =>
        {
            if (context.GetInput<string>() == "second")
                return "done";
            context.ContinueAsNew("second");
            await context.CallActivityAsync<string>("Echo", "x");
            return null;
        };

        Assert.Equal("done", (await RunMainAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task ContinueAsNew_AndThenThrows_Fails()
    {
        Script.Main = context =>
        {
            context.ContinueAsNew("second");
            throw new IOException("no");
        };

        var end = await RunMainAsync();

        Assert.Equal((OrchestrationRuntimeStatus.Failed, "no"), (end.RuntimeStatus, end.FailureDetails!.ErrorMessage));
    }

    [SuiteTheory]
    [InlineData(true, "b")]
    [InlineData(false, "timeout")]
    public async Task ContinueAsNew_EventsNobodyTook_AreHandedOnOnlyOnDemand(bool preserve, string expected)
    {
        Script.Main = async context =>
        {
            if (context.GetInput<string>() is null)
            {
                await context.WaitForExternalEvent<string>("go");
                context.ContinueAsNew("second", preserve);
                return null;
            }

            var kept = context.WaitForExternalEvent<string>("kept", TimeSpan.FromMinutes(1));
            return await CancelledAsync(kept) ? "timeout" : await kept;
        };
        await StartMainAsync();
        await Client.RaiseEventAsync("main", "kept", "b");
        await UntilIdleAsync();
        await Client.RaiseEventAsync("main", "go");
        await UntilIdleAsync();

        await AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(expected, (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task ContinueAsNew_EventsInOneGo_NoneIsLostAndOrderIsKept()
    {
        Script.Main = async context =>
        {
            var seen = context.GetInput<List<int>>() ?? [];
            seen.Add(await context.WaitForExternalEvent<int>("n"));
            if (seen.Count < 50)
                context.ContinueAsNew(seen);
            return seen;
        };
        await StartMainAsync();

        for (var n = 0; n < 50; n++)
            await Client.RaiseEventAsync("main", "n", n);

        Assert.Equal(Enumerable.Range(0, 50), (await EndAsync()).ReadOutputAs<int[]>());
    }

    [SuiteFact]
    public async Task ContinueAsNew_TimerOfTheGenerationBefore_WakesNobody()
    {
        Script.Main = async context =>
        {
            if (context.GetInput<string>() is null)
            {
                _ = context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
                context.ContinueAsNew("second");
                return null;
            }

            var start = context.CurrentUtcDateTime;
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return context.CurrentUtcDateTime - start;
        };
        await StartMainAsync();
        await UntilIdleAsync();

        Assert.InRange((await AdvanceUntilEndAsync(TimeSpan.FromMinutes(1))).ReadOutputAs<TimeSpan>(), TimeSpan.FromHours(1), TimeSpan.FromHours(1.5));
    }

    [SuiteFact]
    public async Task ContinueAsNew_Always_KeepsIdentityStatusAndTime()
    {
        Script.Main = async context =>
        {
            if (context.GetInput<string>() is null)
            {
                context.SetCustomStatus("from the first");
                context.ContinueAsNew("second");
                return null;
            }

            await context.WaitForExternalEvent<string>("go");
            return context.InstanceId;
        };
        await StartMainAsync();
        await ReachAsync("from the first");
        var created = (await Client.GetInstanceAsync("main"))!.CreatedAt;
        await Client.RaiseEventAsync("main", "go");

        var end = await EndAsync();

        Assert.Equal(("main", "from the first"), (end.ReadOutputAs<string>(), end.ReadCustomStatusAs<string>()));
        Assert.Equal(created, end.CreatedAt);
    }
}
