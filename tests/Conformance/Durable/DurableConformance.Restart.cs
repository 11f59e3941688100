using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Headgate.Conformance.Durable;

public abstract partial class DurableConformance
{
    [SuiteFact]
    public async Task Restart_AnEndedInstance_RunsAgainFromItsInput()
    {
        var runs = 0;
        Script.Main = context => Task.FromResult<object?>($"{context.GetInput<string>()}{Interlocked.Increment(ref runs)}");
        await RunMainAsync("run ");

        Assert.Equal("main", await Client.RestartAsync("main"));

        await UntilIdleAsync();
        Assert.Equal("run 2", (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task Restart_UnderANewId_LeavesTheOldInstance()
    {
        Script.Main = async context => context.GetInput<string>() + await context.WaitForExternalEvent<string>("go");
        await StartMainAsync("input ");
        await UntilIdleAsync();

        var id = await Client.RestartAsync("main", restartWithNewInstanceId: true);
        await Client.RaiseEventAsync(id, "go", "new");

        Assert.NotEqual("main", id);
        Assert.Equal("input new", (await EndAsync(id)).ReadOutputAs<string>());
        Assert.Equal(OrchestrationRuntimeStatus.Running, await StatusAsync());
    }

    [SuiteFact]
    public async Task Restart_ALiveInstanceUnderItsId_IsRefused()
    {
        Script.Main = async context => await context.WaitForExternalEvent<string>("go");
        await StartMainAsync();
        await UntilIdleAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => Client.RestartAsync("main"));

        await Client.RaiseEventAsync("main", "go", "untouched");
        Assert.Equal("untouched", (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task Restart_AnUnknownInstance_IsRefused()
    {
        Script.Main = Forever;

        await Assert.ThrowsAsync<ArgumentException>(() => Client.RestartAsync("nobody"));
    }

    [SuiteFact]
    public async Task ListInstanceIds_ByStatusAndTimeOfEnd_ListsThoseInPages()
    {
        Script.Orchestrator("Wait", Forever);
        Script.Main = _ => Task.FromResult<object?>(null);
        await RunMainAsync(id: "before");
        await StartAsync("Wait", "lives");
        await AdvanceAsync(TimeSpan.FromHours(1));
        var from = Now;
        foreach (var id in new[] { "c", "a", "b" })
            await RunMainAsync(id: id);

        var first = await Client.ListInstanceIdsAsync([OrchestrationRuntimeStatus.Completed], completedTimeFrom: from, pageSize: 2);
        var second = await Client.ListInstanceIdsAsync([OrchestrationRuntimeStatus.Completed], completedTimeFrom: from, pageSize: 2, lastInstanceKey: first.ContinuationToken);

        Assert.Equal(["a", "b"], first.Values);
        Assert.Equal(["c"], second.Values);
        Assert.Null(second.ContinuationToken);
        Assert.Equal(["before"], (await Client.ListInstanceIdsAsync(completedTimeTo: from - Tick)).Values);
        Assert.Equal(["lives"], (await Client.ListInstanceIdsAsync([OrchestrationRuntimeStatus.Running])).Values);
    }
}
