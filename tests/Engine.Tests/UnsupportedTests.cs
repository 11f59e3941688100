using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Headgate.Engine.Tests;

public sealed class UnsupportedTests
{
    [Fact]
    public async Task Client_UnsupportedCalls_NameTheEngineAndAnAlternative()
    {
        await using var rig = await EngineRig.StartAsync();

        Assert.Contains("keep state in a table", Refusal(() => rig.Client.Entities), StringComparison.Ordinal);
        Assert.Contains("RestartAsync", Refusal(() => rig.Client.RewindInstanceAsync("main", "why")), StringComparison.Ordinal);
        Assert.Contains("GetInstanceAsync", Refusal(() => rig.Client.GetOrchestrationHistoryAsync("main")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schedule_WithAVersion_IsRefused()
    {
        await using var rig = await EngineRig.StartAsync();

        await Assert.ThrowsAsync<NotSupportedException>(() => rig.Client.ScheduleNewOrchestrationInstanceAsync("Main", null, new StartOrchestrationOptions("main") { Version = "2" }));

        Assert.Null(await rig.Client.GetInstanceAsync("main"));
    }

    [Theory]
    [InlineData("entities")]
    [InlineData("activity")]
    [InlineData("orchestration")]
    [InlineData("next generation")]
    public async Task Orchestrator_UsesAnUnsupportedFeature_FailsWithTheReason(string what)
    {
        await using var rig = await EngineRig.StartAsync();
        rig.Functions.Main = async context =>
        {
            switch (what)
            {
                case "entities":
                    return context.Entities.InCriticalSection();
                case "activity":
                    return await context.CallActivityAsync<string>("A", "x", new TaskOptions { Version = "2" });
                case "orchestration":
                    return await context.CallSubOrchestratorAsync<string>("A", "x", new SubOrchestrationOptions { Version = "2" });
                default:
                    context.ContinueAsNew(new ContinueAsNewOptions { NewVersion = "2" });
                    return null;
            }
        };

        var failure = (await rig.RunMainAsync()).FailureDetails!;

        Assert.Equal(typeof(NotSupportedException).FullName, failure.ErrorType);
        Assert.StartsWith("The embedded durable engine", failure.ErrorMessage, StringComparison.Ordinal);
    }

    private static string Refusal(Func<object?> call) => Assert.Throws<NotSupportedException>(call).Message;
}
