using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Headgate.Conformance.Durable;

public abstract partial class DurableConformance
{
    [SuiteFact]
    public async Task Purge_AnEndedInstance_LeavesNothing()
    {
        Script.Main = _ => Task.FromResult<object?>(1);
        await RunMainAsync();

        Assert.Equal(1, (await Client.PurgeInstanceAsync("main")).PurgedInstanceCount);

        Assert.Null(await Client.GetInstanceAsync("main"));
        Assert.Equal(0, (await Client.PurgeInstanceAsync("main")).PurgedInstanceCount);
        await RestartAsync();
        Assert.Null(await Client.GetInstanceAsync("main"));
    }

    [SuiteFact]
    public async Task Purge_ALiveInstance_IsRefusedOrCountsNothing()
    {
        Script.Main = async context => await context.WaitForExternalEvent<string>("go");
        await StartMainAsync();
        await UntilIdleAsync();

        // Documented both ways; either way the instance is untouched.
        PurgeResult? purged = null;
        var refused = await Record.ExceptionAsync(async () => purged = await Client.PurgeInstanceAsync("main"));

        Assert.True(refused is InvalidOperationException || purged?.PurgedInstanceCount == 0);
        await Client.RaiseEventAsync("main", "go", "untouched");
        Assert.Equal("untouched", (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteTheory]
    [InlineData(true, 3)]
    [InlineData(false, 1)]
    public async Task Purge_WithSubOrchestrations_TakesThemOnlyWhenRecursive(bool recursive, int expected)
    {
        Script.Orchestrator("Leaf", _ => Task.FromResult<object?>(1));
        Script.Orchestrator("Child", async context => await context.CallSubOrchestratorAsync<int>("Leaf", null, Named("leaf")));
        Script.Main = async context => await context.CallSubOrchestratorAsync<int>("Child", null, Named("child"));
        await RunMainAsync();

        Assert.Equal(expected, (await Client.PurgeInstanceAsync("main", new PurgeInstanceOptions(Recursive: recursive))).PurgedInstanceCount);

        Assert.Null(await StatusAsync());
        Assert.Equal(recursive, await StatusAsync("child") is null);
        Assert.Equal(recursive, await StatusAsync("leaf") is null);
    }

    [SuiteFact]
    public async Task PurgeAll_ByStatus_TakesTheEndedOnesThatMatch()
    {
        Script.Orchestrator("Wait", Forever);
        Script.Orchestrator("Break", _ => throw new IOException("no"));
        Script.Main = _ => Task.FromResult<object?>(1);
        await StartAsync("Wait", "waits");
        await StartAsync("Break", "broken");
        await EndAsync("broken");
        await RunMainAsync();

        var purged = await Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(Statuses: [OrchestrationRuntimeStatus.Completed]));

        Assert.Equal(1, purged.PurgedInstanceCount);
        Assert.NotNull(await Client.GetInstanceAsync("broken"));
        Assert.NotNull(await Client.GetInstanceAsync("waits"));
    }

    [SuiteFact]
    public async Task PurgeAll_ByTimeOfCreation_TakesTheEndedOnesWithin()
    {
        Script.Main = _ => Task.FromResult<object?>(1);
        Script.Orchestrator("Wait", Forever);
        await RunMainAsync(id: "before");
        await AdvanceAsync(TimeSpan.FromHours(1));
        var from = Now;
        await RunMainAsync(id: "within");
        await StartAsync("Wait", "lives");
        await AdvanceAsync(TimeSpan.FromHours(1));
        await RunMainAsync(id: "after");

        var purged = await Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(from, from + TimeSpan.FromMinutes(30)));

        Assert.Equal(1, purged.PurgedInstanceCount);
        Assert.Null(await StatusAsync("within"));
        Assert.NotNull(await StatusAsync("before"));
        Assert.NotNull(await StatusAsync("after"));
        Assert.NotNull(await StatusAsync("lives"));
    }

    [SuiteFact]
    public async Task PurgeAll_Recursive_CountsEachInstanceOnce()
    {
        Script.Orchestrator("Child", _ => Task.FromResult<object?>(1));
        Script.Main = async context => (await Task.WhenAll(
            Enumerable.Range(0, 3).Select(n => context.CallSubOrchestratorAsync<int>("Child", null, Named($"{context.InstanceId}.{n}"))))).Sum();
        await RunMainAsync(id: "a");
        await RunMainAsync(id: "b");

        var purged = await Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(), new PurgeInstanceOptions(Recursive: true));

        Assert.Equal(8, purged.PurgedInstanceCount);
        Assert.Null(await StatusAsync("a.2"));
    }

    [SuiteFact]
    public async Task Purge_ThenTheIdAgain_StartsWithAnEmptyHistory()
    {
        Script.Activity("Echo", text => text);
        Script.Main = async context => await context.CallActivityAsync<string>("Echo", context.GetInput<string>());
        await RunMainAsync("first");
        await Client.PurgeInstanceAsync("main");

        Assert.Equal("second", (await RunMainAsync("second")).ReadOutputAs<string>());
    }
}
