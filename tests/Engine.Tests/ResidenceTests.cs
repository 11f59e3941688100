using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Headgate.Engine.Tests;

public sealed class ResidenceTests
{
    [Fact]
    public async Task IdleInstances_MoreThanAreKept_LeaveMemoryAndComeBack()
    {
        await using var rig = await EngineRig.StartAsync(options: new() { MaxIdleInstances = 10 });
        rig.Functions.Main = async context =>
        {
            var word = await context.WaitForExternalEvent<string>("go");
            return word + await context.WaitForExternalEvent<string>("end");
        };
        for (var n = 0; n < 200; n++)
        {
            await rig.StartMainAsync(id: $"i{n:000}");
            await rig.UntilIdleAsync($"i{n:000}");
            await rig.Log.MergedAsync();
        }

        Assert.InRange(rig.Engine.ResidentInstances, 0, 12);
        for (var n = 0; n < 200; n++)
            await rig.Client.RaiseEventAsync($"i{n:000}", "go", "a");
        for (var n = 0; n < 200; n++)
            await rig.Client.RaiseEventAsync($"i{n:000}", "end", "b");
        for (var n = 0; n < 200; n++)
            Assert.Equal("ab", (await rig.EndAsync($"i{n:000}")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task IdleInstances_IdUsedAgainAfterPurge_TheNewOneStaysUntilItIsOnDisk()
    {
        await using var rig = await EngineRig.StartAsync(options: new() { MaxIdleInstances = 1 });
        rig.Functions.Main = async context => context.GetInput<string>() ?? await context.WaitForExternalEvent<string>("go");
        await rig.RunMainAsync("at once");
        await rig.Client.PurgeInstanceAsync("main");
        await rig.FlushAsync();
        await rig.Client.RaiseEventAsync("main", "to nobody");

        await rig.StartMainAsync();
        await rig.UntilIdleAsync();
        await rig.Client.RaiseEventAsync("main", "go", "gone");

        Assert.Equal("gone", (await rig.EndAsync()).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Engine_OneTaskRun_CostsNoWriteOperationOfItsOwn()
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Activity("Echo", text => text);
        rig.Functions.Main = async context => await context.CallActivityAsync<string>("Echo", "x");
        var before = rig.Log.Operations;

        await rig.RunMainAsync();

        Assert.Equal(before, rig.Log.Operations);
    }
}
