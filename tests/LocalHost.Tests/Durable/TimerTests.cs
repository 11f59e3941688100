using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Headgate.LocalHost.Tests.Durable;

public sealed class TimerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-3600)]
    public async Task CreateTimer_DueAlready_EndsAtOnce(int seconds)
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context =>
        {
            await context.CreateTimer(TimeSpan.FromSeconds(seconds), CancellationToken.None);
            return "rang";
        };

        Assert.Equal("rang", (await rig.RunMainAsync()).ReadOutputAs<string>());
    }

    [Fact]
    public async Task CreateTimer_SixHours_EndsThenAndNotBefore()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context =>
        {
            var start = context.CurrentUtcDateTime;
            await context.CreateTimer(TimeSpan.FromHours(6), CancellationToken.None);
            return context.CurrentUtcDateTime - start;
        };
        await rig.StartMainAsync();
        await rig.SettleAsync();

        rig.Clock.Advance(TimeSpan.FromHours(6) - TimeSpan.FromMilliseconds(1));
        await rig.SettleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await rig.Client.GetInstanceAsync("main"))!.RuntimeStatus);
        rig.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(TimeSpan.FromHours(6), (await rig.EndAsync()).ReadOutputAs<TimeSpan>());
    }

    [Fact]
    public async Task CreateTimer_FarFuture_StaysPut()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context =>
        {
            await context.CreateTimer(new DateTime(9999, 12, 31, 0, 0, 0, DateTimeKind.Utc), CancellationToken.None);
            return null;
        };
        await rig.StartMainAsync();
        await rig.SettleAsync();

        rig.Clock.Advance(TimeSpan.FromDays(30));
        await rig.SettleAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Running, (await rig.Client.GetInstanceAsync("main"))!.RuntimeStatus);
    }

    [Fact]
    public async Task CreateTimer_Cancelled_ThrowsAndWakesNobodyLater()
    {
        await using var rig = await EngineRig.StartAsync();
        var turns = 0;
        rig.Functions.Main = async context =>
        {
            turns += context.IsReplaying ? 0 : 1;
            using var cancel = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromMinutes(1), cancel.Token);
            cancel.Cancel();
            var cancelled = false;
            try
            {
                await timer;
            }
            catch (TaskCanceledException)
            {
                cancelled = true;
            }

            await context.WaitForExternalEvent<string>("go");
            return cancelled;
        };
        await rig.StartMainAsync();
        await rig.SettleAsync();

        rig.Clock.Advance(TimeSpan.FromHours(1));
        await rig.SettleAsync();
        Assert.Equal(1, turns);
        await rig.Client.RaiseEventAsync("main", "go");

        Assert.True((await rig.EndAsync()).ReadOutputAs<bool>());
    }

    [Fact]
    public async Task CreateTimer_Several_EndInOrderOfTheirTimes()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context =>
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
        await rig.StartMainAsync();
        await rig.SettleAsync();

        rig.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal("[1,2,3]", (await rig.EndAsync()).SerializedOutput);
    }

    [Fact]
    public async Task CreateTimer_ThousandInstances_AllWakeFromOneClock()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context =>
        {
            await context.CreateTimer(TimeSpan.FromMinutes(context.GetInput<int>() % 60), CancellationToken.None);
            return null;
        };
        for (var n = 0; n < 1000; n++)
            await rig.StartMainAsync(n, $"t{n}");
        for (var n = 0; n < 1000; n++)
            await rig.SettleAsync($"t{n}");

        rig.Clock.Advance(TimeSpan.FromHours(1));

        for (var n = 0; n < 1000; n++)
            Assert.Equal(OrchestrationRuntimeStatus.Completed, (await rig.EndAsync($"t{n}")).RuntimeStatus);
    }

    [Fact]
    public async Task Schedule_StartAtLater_BeginsThen()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = context => Task.FromResult<object?>(context.CurrentUtcDateTime);
        var at = rig.Clock.GetUtcNow() + TimeSpan.FromMinutes(10);
        await rig.Client.ScheduleNewOrchestrationInstanceAsync("Main", new StartOrchestrationOptions("main", at));
        await rig.Client.RaiseEventAsync("main", "early");
        await rig.SettleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await rig.Client.GetInstanceAsync("main"))!.RuntimeStatus);

        rig.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(at.UtcDateTime, (await rig.EndAsync()).ReadOutputAs<DateTime>());
    }
}
