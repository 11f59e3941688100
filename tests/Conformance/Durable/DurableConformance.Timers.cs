using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Headgate.Conformance.Durable;

public abstract partial class DurableConformance
{
    [SuiteTheory]
    [InlineData(0)]
    [InlineData(-3600)]
    public async Task CreateTimer_DueAlready_EndsAtOnce(int seconds)
    {
        Script.Main = async context =>
        {
            await context.CreateTimer(TimeSpan.FromSeconds(seconds), CancellationToken.None);
            return "rang";
        };

        Assert.Equal("rang", (await RunMainAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task CreateTimer_SixHours_EndsThenAndNotBefore()
    {
        Script.Main = async context =>
        {
            var start = context.CurrentUtcDateTime;
            await context.CreateTimer(TimeSpan.FromHours(6), CancellationToken.None);
            return context.CurrentUtcDateTime - start;
        };
        await StartMainAsync();
        await UntilIdleAsync();

        await AdvanceAsync(TimeSpan.FromHours(6) - Tick);
        await UntilIdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Running, await StatusAsync());
        await AdvanceAsync(Tick);

        Assert.InRange((await EndAsync()).ReadOutputAs<TimeSpan>(), TimeSpan.FromHours(6), TimeSpan.FromHours(6.1));
    }

    [SuiteFact]
    public async Task CreateTimer_ForAPointInTime_EndsThen()
    {
        Script.Main = async context =>
        {
            var at = context.CurrentUtcDateTime.Date.AddDays(3);
            await context.CreateTimer(at, CancellationToken.None);
            return context.CurrentUtcDateTime >= at;
        };
        await StartMainAsync();

        Assert.True((await AdvanceUntilEndAsync(TimeSpan.FromHours(5))).ReadOutputAs<bool>());
    }

    [SuiteFact]
    public async Task CreateTimer_FarFuture_StaysPutAndLetsEventsThrough()
    {
        Script.Main = async context =>
        {
            using var stop = new CancellationTokenSource();
            var timer = context.CreateTimer(new DateTime(9999, 12, 31, 0, 0, 0, DateTimeKind.Utc), stop.Token);
            var go = context.WaitForExternalEvent<string>("go");
            if (await Task.WhenAny(timer, go) == timer)
                return "timer";
            stop.Cancel();
            return "event";
        };
        await StartMainAsync();
        await UntilIdleAsync();

        await AdvanceAsync(TimeSpan.FromDays(30));
        await UntilIdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Running, await StatusAsync());
        await Client.RaiseEventAsync("main", "go");

        Assert.Equal("event", (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CreateTimer_OpenWhenTheOrchestratorReturnsOrThrows_HoldsTheEndUp(bool returns)
    {
        Script.Main = context =>
        {
            _ = context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            context.SetCustomStatus("leaves");
            return returns ? Task.FromResult<object?>("early") : throw new IOException("early");
        };
        await StartMainAsync();
        await ReachAsync("leaves");
        await UntilIdleAsync();
        await AdvanceAsync(TimeSpan.FromMinutes(1) - Tick);
        await UntilIdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Running, await StatusAsync());

        await AdvanceAsync(Tick);

        var end = await EndAsync();
        Assert.Equal(returns ? OrchestrationRuntimeStatus.Completed : OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal("early", end.FailureDetails?.ErrorMessage ?? end.ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task CreateTimer_OpenAtContinueAsNew_HoldsTheNextGenerationUp()
    {
        Script.Main = async context =>
        {
            if (context.GetInput<string>() == "second")
                return context.CurrentUtcDateTime;
            _ = context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            await context.WaitForExternalEvent<string>("go");
            context.ContinueAsNew("second");
            return null;
        };
        var start = Now;
        await StartMainAsync();
        await Client.RaiseEventAsync("main", "go");
        await UntilIdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Running, await StatusAsync());

        await AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal((start + TimeSpan.FromMinutes(1)).UtcDateTime, (await EndAsync()).ReadOutputAs<DateTime>());
    }

    [SuiteFact]
    public async Task CreateTimer_Cancelled_ThrowsAndWakesNobodyLater()
    {
        var turns = 0;
        Script.Main = async context =>
        {
            turns += context.IsReplaying ? 0 : 1;
            using var cancel = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromMinutes(1), cancel.Token);
            cancel.Cancel();
            var cancelled = await CancelledAsync(timer);
            await context.WaitForExternalEvent<string>("go");
            return cancelled;
        };
        await StartMainAsync();
        await UntilIdleAsync();

        await AdvanceAsync(TimeSpan.FromHours(1));
        await UntilIdleAsync();
        Assert.Equal(1, turns);
        await Client.RaiseEventAsync("main", "go");

        Assert.True((await EndAsync()).ReadOutputAs<bool>());
    }

    [SuiteFact]
    public async Task CreateTimer_CancelledInALaterTurn_ThrowsThere()
    {
        Script.Main = async context =>
        {
            using var cancel = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromMinutes(1), cancel.Token);
            await context.WaitForExternalEvent<string>("stop");
            cancel.Cancel();
            var cancelled = await CancelledAsync(timer);
            await context.WaitForExternalEvent<string>("go");
            return cancelled;
        };
        await StartMainAsync();
        await Client.RaiseEventAsync("main", "stop");
        await UntilIdleAsync();

        await AdvanceAsync(TimeSpan.FromMinutes(2));
        await UntilIdleAsync();
        await Client.RaiseEventAsync("main", "go");

        Assert.True((await EndAsync()).ReadOutputAs<bool>());
    }

    [SuiteFact]
    public async Task CreateTimer_CancelledBefore_ThrowsAtOnce()
    {
        Script.Main = async context => await CancelledAsync(context.CreateTimer(TimeSpan.FromMinutes(1), new CancellationToken(canceled: true)));

        Assert.True((await RunMainAsync()).ReadOutputAs<bool>());
    }

    [SuiteFact]
    public async Task CreateTimer_Several_EndInOrderOfTheirTimes()
    {
        Script.Main = async context =>
        {
            var order = new List<int>();
            async Task Ring(int minutes)
            {
                await context.CreateTimer(TimeSpan.FromMinutes(minutes), CancellationToken.None);
                order.Add(minutes);
            }

            await Task.WhenAll(Ring(3), Ring(1), Ring(2));
            return order;
        };
        await StartMainAsync();
        await UntilIdleAsync();

        await AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal("[1,2,3]", (await EndAsync()).SerializedOutput);
    }

    [SuiteFact]
    public async Task CreateTimer_RaceWithAnActivity_TheActivityWins()
    {
        Script.Activity("Echo", text => text);
        Script.Main = async context =>
        {
            using var stop = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromMinutes(1), stop.Token);
            var call = context.CallActivityAsync<string>("Echo", "answer");
            if (await Task.WhenAny(call, timer) == timer)
                return "timer";
            stop.Cancel();
            return await call;
        };

        Assert.Equal("answer", (await RunMainAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task CreateTimer_DueWhileTheWorkerIsAway_EndsWhenItIsBack()
    {
        Script.Main = async context =>
        {
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return "rang";
        };
        await StartMainAsync();
        await UntilIdleAsync();

        await AdvanceAsync(TimeSpan.FromMinutes(59));
        await RestartAsync();
        await AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal("rang", (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task CreateTimer_ThousandInstances_AllWakeFromOneClock()
    {
        Script.Main = async context =>
        {
            await context.CreateTimer(TimeSpan.FromMinutes(context.GetInput<int>() % 60), CancellationToken.None);
            return null;
        };
        for (var n = 0; n < 1000; n++)
            await StartMainAsync(n, $"t{n}");
        for (var n = 0; n < 1000; n++)
            await UntilIdleAsync($"t{n}");

        await AdvanceAsync(TimeSpan.FromHours(1));

        for (var n = 0; n < 1000; n++)
            Assert.Equal(OrchestrationRuntimeStatus.Completed, (await EndAsync($"t{n}")).RuntimeStatus);
    }

    private static async Task<bool> CancelledAsync(Task task)
    {
        try
        {
            await task;
            return false;
        }
        catch (TaskCanceledException)
        {
            return true;
        }
    }
}
