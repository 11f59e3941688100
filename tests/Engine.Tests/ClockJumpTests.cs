using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Headgate.Engine.Tests;

/// <summary>Timers last as long as asked even if the wall clock is set meanwhile.</summary>
public sealed class ClockJumpTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(-60)]
    [InlineData(60)]
    public async Task Timer_ClockSetMeanwhile_RingsWhenItsTimeHasPassed(int minutes)
    {
        await using var rig = await WaitingAsync();

        rig.Wall.Offset = TimeSpan.FromMinutes(minutes);

        await RingsAfterAsync(rig, Minute);
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(60)]
    public async Task Timer_InstanceLeftMemorySinceTheClockWasSet_RingsWhenItsTimeHasPassed(int minutes)
    {
        await using var rig = await EngineRig.StartAsync(options: new() { MaxIdleInstances = 0 });
        rig.Wall.Offset = TimeSpan.FromMinutes(minutes);
        rig.Functions.Main = WaitAsync;
        await rig.StartMainAsync();
        await rig.UntilIdleAsync();
        await rig.Log.MergedAsync();
        rig.Functions.Orchestrator("Other", _ => Task.FromResult<object?>(null));
        await rig.Client.ScheduleNewOrchestrationInstanceAsync("Other", new StartOrchestrationOptions("other"));
        await rig.EndAsync("other");
        await rig.Log.MergedAsync();
        Assert.InRange(rig.Engine.ResidentInstances, 0, 1);

        rig.Wall.Offset = TimeSpan.Zero;

        await RingsAfterAsync(rig, Minute);
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(60)]
    public async Task Timer_SetByATimeOnTheWallAfterThatWasSet_RingsWhenItsTimeHasPassed(int minutes)
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Activity("Look", _ => $"{rig.Wall.GetUtcNow().AddMinutes(1):O}");
        rig.Functions.Main = async context =>
        {
            await context.WaitForExternalEvent<string>("go");
            var at = DateTimeOffset.Parse(await context.CallActivityAsync<string>("Look", ""));
            await context.CreateTimer(at.UtcDateTime, CancellationToken.None);
            return null;
        };
        await rig.StartMainAsync();
        await rig.UntilIdleAsync();

        rig.Wall.Offset = TimeSpan.FromMinutes(minutes);
        await rig.Client.RaiseEventAsync("main", "go");
        await rig.UntilIdleAsync();

        await RingsAfterAsync(rig, Minute);
    }

    [Fact]
    public async Task Timer_ClockSetBackBeforeItIsSet_RingsWhenItsTimeHasPassed()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context =>
        {
            await context.WaitForExternalEvent<string>("go");
            return await WaitAsync(context);
        };
        await rig.StartMainAsync();
        await rig.UntilIdleAsync();

        rig.Wall.Offset = TimeSpan.FromHours(-1);
        await rig.Client.RaiseEventAsync("main", "go");
        await rig.UntilIdleAsync();

        await RingsAfterAsync(rig, Minute);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Timer_ClockSetBackAndTheProcessFollowed_WaitsNoLongerThanWasLeft(bool whileAway)
    {
        await using var rig = await WaitingAsync();
        rig.Wall.Offset = whileAway ? TimeSpan.Zero : TimeSpan.FromHours(-1);
        await rig.FlushAsync();
        rig.Wall.Offset = TimeSpan.FromHours(-1);

        await using var next = await rig.AfterCrashAsync();

        await RingsAfterAsync(next, Minute);
    }

    [Fact]
    public async Task Timer_OthersTurnAfterTheRestart_RingsWhenItsTimeHasPassed()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context =>
        {
            var timer = context.CreateTimer(Minute, CancellationToken.None);
            while (await Task.WhenAny(timer, context.WaitForExternalEvent<string>("go")) != timer)
                context.SetCustomStatus("went on");
            return null;
        };
        await rig.StartMainAsync();
        await rig.UntilIdleAsync();
        await rig.FlushAsync();
        rig.Wall.Offset = TimeSpan.FromHours(-1);

        await using var next = await rig.AfterCrashAsync();
        next.Clock.Advance(Minute / 2);
        await next.Client.RaiseEventAsync("main", "go");
        await next.ReachAsync("went on");
        await next.UntilIdleAsync();

        await RingsAfterAsync(next, Minute / 2);
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(60)]
    public async Task Start_PutOffWhileTheClockIsSet_BeginsWhenItsTimeHasPassed(int minutes)
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = _ => Task.FromResult<object?>(null);
        await rig.Client.ScheduleNewOrchestrationInstanceAsync("Main", null, new StartOrchestrationOptions("main", rig.Wall.GetUtcNow() + Minute));

        rig.Wall.Offset = TimeSpan.FromMinutes(minutes);

        await RingsAfterAsync(rig, Minute);
    }

    private static async Task<EngineRig> WaitingAsync()
    {
        var rig = await EngineRig.StartAsync();
        rig.Functions.Main = WaitAsync;
        await rig.StartMainAsync();
        await rig.UntilIdleAsync();
        return rig;
    }

    private static async Task<object?> WaitAsync(TaskOrchestrationContext context)
    {
        await context.CreateTimer(Minute, CancellationToken.None);
        return null;
    }

    private static async Task RingsAfterAsync(EngineRig rig, TimeSpan wait)
    {
        rig.Clock.Advance(wait - TimeSpan.FromSeconds(1));
        await rig.UntilIdleAsync();
        Assert.False((await rig.Client.GetInstanceAsync("main"))!.IsCompleted);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await rig.EndAsync()).RuntimeStatus);
    }
}
