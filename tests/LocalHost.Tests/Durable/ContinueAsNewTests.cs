using Microsoft.DurableTask;
using Xunit;

namespace Headgate.LocalHost.Tests.Durable;

public sealed class ContinueAsNewTests
{
    [Fact]
    public async Task ContinueAsNew_ManyGenerations_EachStartsWithItsInput()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Activity("Next", text => text + ".");
        rig.Functions.Main = async context =>
        {
            var text = await context.CallActivityAsync<string>("Next", context.GetInput<string>());
            if (text.Length < 10)
                context.ContinueAsNew(text);
            return text;
        };

        Assert.Equal("..........", (await rig.RunMainAsync("")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task ContinueAsNew_AskedBeforeAnotherWait_TakesEffectAtTheEnd()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Activity("Echo", text => text);
        rig.Functions.Main = async context =>
        {
            if (context.GetInput<string>() == "second")
                return "done";
            context.ContinueAsNew("second");
            await context.CallActivityAsync<string>("Echo", "x");
            return null;
        };

        Assert.Equal("done", (await rig.RunMainAsync()).ReadOutputAs<string>());
    }

    [Theory]
    [InlineData(true, "b")]
    [InlineData(false, "timeout")]
    public async Task ContinueAsNew_EventsNobodyTook_AreHandedOnOnlyOnDemand(bool preserve, string expected)
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context =>
        {
            if (context.GetInput<string>() is null)
            {
                await context.WaitForExternalEvent<string>("go");
                context.ContinueAsNew("second", preserve);
                return null;
            }

            try
            {
                return await context.WaitForExternalEvent<string>("kept", TimeSpan.FromMinutes(1));
            }
            catch (TaskCanceledException)
            {
                return "timeout";
            }
        };
        await rig.StartMainAsync();
        await rig.Client.RaiseEventAsync("main", "kept", "b");
        await rig.SettleAsync();
        await rig.Client.RaiseEventAsync("main", "go");
        await rig.SettleAsync();

        rig.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(expected, (await rig.EndAsync()).ReadOutputAs<string>());
    }

    [Fact]
    public async Task ContinueAsNew_EventsInOneGo_NoneIsLostAndOrderIsKept()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context =>
        {
            var seen = context.GetInput<List<int>>() ?? [];
            seen.Add(await context.WaitForExternalEvent<int>("n"));
            if (seen.Count < 50)
                context.ContinueAsNew(seen);
            return seen;
        };
        await rig.StartMainAsync();

        for (var n = 0; n < 50; n++)
            await rig.Client.RaiseEventAsync("main", "n", n);

        Assert.Equal(Enumerable.Range(0, 50), (await rig.EndAsync()).ReadOutputAs<int[]>());
    }

    [Fact]
    public async Task ContinueAsNew_CrashAfterwards_KeepsHandedOnEvents()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context =>
        {
            await context.WaitForExternalEvent<string>("go");
            if (context.GetInput<string>() == "last")
                return await context.WaitForExternalEvent<string>("kept");
            context.ContinueAsNew("last");
            return null;
        };
        await rig.StartMainAsync();
        await rig.Client.RaiseEventAsync("main", "kept", "late");
        await rig.SettleAsync();
        await rig.Client.RaiseEventAsync("main", "go");
        await rig.SettleAsync();
        await rig.FlushAsync();

        await using var next = await rig.AfterCrashAsync();
        await next.Client.RaiseEventAsync("main", "go");

        Assert.Equal("late", (await next.EndAsync()).ReadOutputAs<string>());
    }
}
