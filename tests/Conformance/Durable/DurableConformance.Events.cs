using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Headgate.Conformance.Durable;

public abstract partial class DurableConformance
{
    [SuiteFact]
    public async Task WaitForExternalEvent_RaisedBeforeTheWait_IsKeptForIt()
    {
        Script.Main = async context =>
        {
            await context.WaitForExternalEvent<string>("gate");
            return await context.WaitForExternalEvent<string>("early");
        };
        await StartMainAsync();

        await Client.RaiseEventAsync("main", "early", "bird");
        await UntilIdleAsync();
        await Client.RaiseEventAsync("main", "gate");

        Assert.Equal("bird", (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task WaitForExternalEvent_SeveralOfOneName_ComeInOrderOneEach()
    {
        Script.Main = async context =>
        {
            var seen = new List<int>();
            while (seen.Count < 20)
                seen.Add(await context.WaitForExternalEvent<int>("Number"));
            return seen;
        };
        await StartMainAsync();

        for (var n = 0; n < 20; n++)
            await Client.RaiseEventAsync("main", "number", n);

        Assert.Equal(Enumerable.Range(0, 20), (await EndAsync()).ReadOutputAs<int[]>());
    }

    [SuiteFact]
    public async Task WaitForExternalEvent_SeveralNames_DoNotDisturbEachOther()
    {
        Script.Main = async context =>
        {
            var (a, b) = (context.WaitForExternalEvent<string>("a"), context.WaitForExternalEvent<int>("b"));
            await Task.WhenAll(a!, b);
            return $"{await a}{await b}";
        };
        await StartMainAsync();

        await Client.RaiseEventAsync("main", "b", 2);
        await UntilIdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Running, await StatusAsync());
        await Client.RaiseEventAsync("main", "a", "one");

        Assert.Equal("one2", (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task WaitForExternalEvent_RaisedWhileSuspended_ComesAfterResume()
    {
        Script.Main = async context => await context.WaitForExternalEvent<string>("go") + await context.WaitForExternalEvent<string>("go");
        await StartMainAsync();
        await UntilIdleAsync();
        await Client.SuspendInstanceAsync("main", "reason");
        await ReachAsync(OrchestrationRuntimeStatus.Suspended);

        await Client.RaiseEventAsync("main", "go", "1");
        await Client.RaiseEventAsync("main", "go", "2");
        await UntilIdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, await StatusAsync());
        await Client.ResumeInstanceAsync("main");

        Assert.Equal("12", (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task RaiseEvent_ToAFinishedOrUnknownInstance_IsDropped()
    {
        Script.Main = _ => Task.FromResult<object?>("done");
        var end = await RunMainAsync();

        await Client.RaiseEventAsync("main", "late");
        await Client.RaiseEventAsync("nobody", "late");
        await UntilIdleAsync();

        Assert.Equal(end.LastUpdatedAt, (await Client.GetInstanceAsync("main"))!.LastUpdatedAt);
        Assert.Null(await Client.GetInstanceAsync("nobody"));
    }

    [SuiteFact]
    public async Task RaiseEvent_ToAnIdUsedAgain_DoesNotReachTheNextInstance()
    {
        Script.Main = async context =>
        {
            if (context.GetInput<string>() == "first")
                return null;
            return await context.WaitForExternalEvent<string>("word");
        };
        await RunMainAsync("first");
        await Client.RaiseEventAsync("main", "word", "old");
        await UntilIdleAsync();
        await StartMainAsync("second");
        await Client.RaiseEventAsync("main", "word", "new");

        Assert.Equal("new", (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task WaitForExternalEvent_TimeoutPasses_ThrowsTaskCanceled()
    {
        Script.Main = async context => await CancelledAsync(context.WaitForExternalEvent<string>("never", TimeSpan.FromMinutes(5)));
        await StartMainAsync();
        await UntilIdleAsync();

        await AdvanceAsync(TimeSpan.FromMinutes(5) - Tick);
        await UntilIdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Running, await StatusAsync());
        await AdvanceAsync(Tick);

        Assert.True((await EndAsync()).ReadOutputAs<bool>());
    }

    [SuiteFact]
    public async Task WaitForExternalEvent_AfterATimedOutWait_TheNextWaitGetsTheEvent()
    {
        Script.Main = async context =>
        {
            var timedOut = await CancelledAsync(context.WaitForExternalEvent<string>("word", TimeSpan.FromMinutes(1)));
            return $"{timedOut} {await context.WaitForExternalEvent<string>("word")}";
        };
        await StartMainAsync();
        await UntilIdleAsync();
        await AdvanceAsync(TimeSpan.FromMinutes(1));
        await UntilIdleAsync();

        await Client.RaiseEventAsync("main", "word", "a");

        Assert.Equal("True a", (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task WaitForExternalEvent_CancelledBeforeTheEvent_TheEventIsKeptForTheNextWait()
    {
        Script.Main = async context =>
        {
            using var stop = new CancellationTokenSource();
            var abandoned = context.WaitForExternalEvent<string>("word", stop.Token);
            stop.Cancel();
            var cancelled = await CancelledAsync(abandoned);
            await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            return $"{cancelled} {await context.WaitForExternalEvent<string>("word")}";
        };
        await StartMainAsync();
        await UntilIdleAsync();

        await Client.RaiseEventAsync("main", "word", "kept");
        await UntilIdleAsync();
        await AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal("True kept", (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task WaitForExternalEvent_ComesInTime_TheTimerWakesNobodyLater()
    {
        var turns = 0;
        Script.Main = async context =>
        {
            var first = await context.WaitForExternalEvent<string>("first", TimeSpan.FromMinutes(5));
            turns += context.IsReplaying ? 0 : 1;
            await context.WaitForExternalEvent<string>("second");
            return first;
        };
        await StartMainAsync();
        await Client.RaiseEventAsync("main", "first", "1");
        await UntilIdleAsync();

        await AdvanceAsync(TimeSpan.FromHours(1));
        await UntilIdleAsync();
        await Client.RaiseEventAsync("main", "second");

        Assert.Equal("1", (await EndAsync()).ReadOutputAs<string>());
        Assert.Equal(1, turns);
    }

    [SuiteFact]
    public async Task WaitForExternalEvent_TwoWaitersOfOneName_TheLatestIsServedFirst()
    {
        Script.Main = async context =>
        {
            var first = context.WaitForExternalEvent<string>("e");
            var second = context.WaitForExternalEvent<string>("e");
            return $"{await second}{await first}";
        };
        await StartMainAsync();

        await Client.RaiseEventAsync("main", "e", "a");
        await Client.RaiseEventAsync("main", "e", "b");

        Assert.Equal("ab", (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task WaitForExternalEvent_RecordsAndLargePayloads_ArriveWhole()
    {
        var large = new string('ö', 300_000);
        Script.Main = async context => await context.WaitForExternalEvent<Order>("order");
        await StartMainAsync();

        await Client.RaiseEventAsync("main", "order", new Order(large, 3));

        Assert.Equal(new Order(large, 3), (await EndAsync()).ReadOutputAs<Order>());
    }

    [SuiteFact]
    public async Task SendEvent_ToAnotherInstance_WakesIt()
    {
        Script.Orchestrator("Listener", async context => await context.WaitForExternalEvent<string>("word"));
        Script.Main = context =>
        {
            context.SendEvent("listener", "word", "hi");
            return Task.FromResult<object?>(null);
        };
        await StartAsync("Listener", "listener");

        await RunMainAsync();

        Assert.Equal("hi", (await EndAsync("listener")).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task SendEvent_ThenMoreTurns_IsSentOnce()
    {
        Script.Orchestrator("Listener", async context => $"{await context.WaitForExternalEvent<string>("word")}{await context.WaitForExternalEvent<string>("word")}");
        Script.Activity("Echo", text => text);
        Script.Main = async context =>
        {
            context.SendEvent("listener", "word", "a");
            await context.CallActivityAsync<string>("Echo", "x");
            context.SendEvent("listener", "word", "b");
            return await context.CallActivityAsync<string>("Echo", "y");
        };
        await StartAsync("Listener", "listener");

        await RunMainAsync();

        Assert.Equal("ab", (await EndAsync("listener")).ReadOutputAs<string>());
    }
}
