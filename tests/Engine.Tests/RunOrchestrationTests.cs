using Headgate.Functions.Runs;
using Headgate.Ports;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Headgate.Engine.Tests;

public sealed class RunOrchestrationTests
{
    [Fact]
    public async Task Run_StoreUnavailableForAWhile_LooksAgain()
    {
        await using var rig = await EngineRig.StartAsync();
        var looks = 0;
        rig.Functions.Call(AdvanceRun.Name, _ => ++looks < 3
            ? throw new StoreUnavailableException("away")
            : Task.FromResult<object?>(new NextLook(true, null)));
        rig.Functions.Main = async context =>
        {
            await RunOrchestration.RunAsync(context);
            return null;
        };

        await rig.StartMainAsync(new RunReference("acme", "run"));
        var end = await rig.AdvanceUntilEndAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        Assert.Equal(3, looks);
    }
}
