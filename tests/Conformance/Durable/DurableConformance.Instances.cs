using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Headgate.Conformance.Durable;

public abstract partial class DurableConformance
{
    [SuiteFact]
    public async Task Schedule_WithoutAnId_GivesOneThatNamesTheInstance()
    {
        Script.Main = context => Task.FromResult<object?>(context.InstanceId);

        var (first, second) = (await Client.ScheduleNewOrchestrationInstanceAsync("Main"), await Client.ScheduleNewOrchestrationInstanceAsync("Main"));

        Assert.NotEqual(first, second);
        Assert.Equal(first, (await EndAsync(first)).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task Schedule_IdOfAnEndedInstance_ReplacesIt()
    {
        Script.Activity("Echo", text => text);
        Script.Main = async context => await context.CallActivityAsync<string>("Echo", context.GetInput<string>());
        await RunMainAsync("first");

        Assert.Equal("second", (await RunMainAsync("second")).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task Schedule_StatusNamedInDedupe_IsRefusedAndChangesNothing()
    {
        Script.Main = context => Task.FromResult<object?>(context.GetInput<string>());
        await RunMainAsync("first");
        var options = new StartOrchestrationOptions("main").WithDedupeStatuses([.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);

        await Assert.ThrowsAnyAsync<Exception>(() => Client.ScheduleNewOrchestrationInstanceAsync("Main", "second", options));

        Assert.Equal("first", (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task Schedule_StatusNotNamedInDedupe_ReplacesTheInstance()
    {
        Script.Main = context => context.GetInput<string>() == "breaks" ? throw new IOException("no") : Task.FromResult<object?>("new");
        await RunMainAsync("breaks");
        OrchestrationRuntimeStatus[] kept =
        [
            OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended, OrchestrationRuntimeStatus.Completed,
        ];

        await Client.ScheduleNewOrchestrationInstanceAsync("Main", "works", new StartOrchestrationOptions("main").WithDedupeStatuses(kept));

        Assert.Equal("new", (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task Schedule_DedupeNamesTerminatedButNotEveryLiveStatus_IsRefusedAsContradictory()
    {
        Script.Main = Forever;
        var options = new StartOrchestrationOptions("main").WithDedupeStatuses(OrchestrationRuntimeStatus.Terminated, OrchestrationRuntimeStatus.Running);

        await Assert.ThrowsAsync<ArgumentException>(() => Client.ScheduleNewOrchestrationInstanceAsync("Main", null, options));

        Assert.Null(await StatusAsync());
    }

    [SuiteFact]
    public async Task Schedule_IdOfALiveInstanceNotKept_EndsThatAndStartsAnew()
    {
        Script.Main = async context => context.GetInput<string>() ?? await context.WaitForExternalEvent<string>("never");
        await StartMainAsync();
        await UntilIdleAsync();

        await Client.ScheduleNewOrchestrationInstanceAsync("Main", "new", new StartOrchestrationOptions("main") { DedupeStatuses = [] });

        Assert.Equal("new", (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task Schedule_IdOfALiveSubOrchestration_FailsItsCallInsteadOfHangingIt()
    {
        Script.Orchestrator("Child", Forever);
        Script.Orchestrator("Other", _ => Task.FromResult<object?>("other"));
        Script.Main = async context => await context.CallSubOrchestratorAsync<string>("Child", null, Named("child"));
        await StartMainAsync();
        await ReachAsync(OrchestrationRuntimeStatus.Running, "child");

        await Client.ScheduleNewOrchestrationInstanceAsync("Other", null, new StartOrchestrationOptions("child") { DedupeStatuses = [] });

        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await EndAsync()).RuntimeStatus);
        Assert.Equal("other", (await EndAsync("child")).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task Schedule_StartAtLater_BeginsThenWithTheEventsThatCameBefore()
    {
        Script.Main = async context => $"{context.CurrentUtcDateTime:O} {await context.WaitForExternalEvent<string>("early")}";
        var at = Now + TimeSpan.FromMinutes(10);
        await Client.ScheduleNewOrchestrationInstanceAsync("Main", new StartOrchestrationOptions("main", at));
        await Client.RaiseEventAsync("main", "early", "kept");
        await AdvanceAsync(TimeSpan.FromMinutes(10) - Tick);
        await UntilIdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Pending, await StatusAsync());

        await AdvanceAsync(Tick);

        Assert.Equal($"{at.UtcDateTime:O} kept", (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task Schedule_WithTags_ShowsThem()
    {
        Script.Main = _ => Task.FromResult<object?>(null);
        var options = new StartOrchestrationOptions("main") { Tags = new Dictionary<string, string> { ["team"] = "blue" } };
        await Client.ScheduleNewOrchestrationInstanceAsync("Main", null, options);
        await EndAsync();
        await RestartAsync();

        Assert.Equal([new("team", "blue")], (await Client.GetInstanceAsync("main"))!.Tags);
    }

    [SuiteFact]
    public async Task GetInstance_WithoutInputsAndOutputs_LeavesThemOut()
    {
        Script.Main = context => Task.FromResult<object?>(context.GetInput<string>());
        var before = Now;
        await RunMainAsync("text");

        var (bare, full) = ((await Client.GetInstanceAsync("main"))!, (await Client.GetInstanceAsync("main", getInputsAndOutputs: true))!);

        Assert.Equal(("Main", "main", true), (bare.Name, bare.InstanceId, bare.IsCompleted));
        Assert.True(before <= bare.CreatedAt && bare.CreatedAt <= bare.LastUpdatedAt && bare.LastUpdatedAt <= Now);
        Assert.Null(bare.SerializedOutput);
        Assert.Throws<InvalidOperationException>(() => bare.ReadInputAs<string>());
        Assert.Equal(("text", "text"), (full.ReadInputAs<string>(), full.ReadOutputAs<string>()));
    }

    [SuiteFact]
    public async Task WaitForInstanceStart_AnInstanceThatWaits_AnswersOnceItRuns()
    {
        Script.Main = Forever;
        await Client.ScheduleNewOrchestrationInstanceAsync("Main", new StartOrchestrationOptions("main", Now + TimeSpan.FromHours(1)));
        var started = Client.WaitForInstanceStartAsync("main", CancellationToken.None);
        await UntilIdleAsync();
        Assert.Equal((false, OrchestrationRuntimeStatus.Pending), (started.IsCompleted, await StatusAsync()));

        await AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal(OrchestrationRuntimeStatus.Running, (await started.WaitAsync(Patience)).RuntimeStatus);
    }

    [SuiteFact]
    public async Task WaitForInstanceCompletion_Cancelled_StopsWaitingOnly()
    {
        Script.Main = async context => await context.WaitForExternalEvent<string>("go");
        await StartMainAsync();
        using var stop = new CancellationTokenSource();
        var waiting = Client.WaitForInstanceCompletionAsync("main", stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Client.RaiseEventAsync("main", "go", "gone");
        Assert.Equal("gone", (await EndAsync()).ReadOutputAs<string>());
    }

    [SuiteFact]
    public async Task GetAllInstances_InPages_ListsEachMatchOnce()
    {
        await SeedAsync();

        var pages = await PagesAsync(new OrchestrationQuery(InstanceIdPrefix: "a", PageSize: 10));

        Assert.All(pages, page => Assert.InRange(page.Values.Count, 0, 10));
        Assert.Null(pages[^1].ContinuationToken);
        Assert.Equal(
            Enumerable.Range(0, 25).Select(n => $"a{n:00}"),
            pages.SelectMany(page => page.Values).Select(found => found.InstanceId).Order(StringComparer.Ordinal));
    }

    [SuiteFact]
    public async Task GetAllInstances_FromAContinuationToken_GoesOnAfterThatPage()
    {
        await SeedAsync();
        var query = new OrchestrationQuery(InstanceIdPrefix: "a", PageSize: 10, FetchInputsAndOutputs: true);
        var first = (await PagesAsync(query))[0];

        var rest = await PagesAsync(query with { ContinuationToken = first.ContinuationToken });
        List<Page<OrchestrationMetadata>> again = [];
        await foreach (var page in Client.GetAllInstancesAsync(query).AsPages(first.ContinuationToken, pageSizeHint: 5))
            again.Add(page);

        Assert.Equal(25, first.Values.Concat(rest.SelectMany(page => page.Values)).Select(found => found.ReadOutputAs<int>()).Distinct().Count());
        Assert.Equal(25 - first.Values.Count, again.Sum(page => page.Values.Count));
        Assert.All(again, page => Assert.InRange(page.Values.Count, 0, 5));
    }

    [SuiteFact]
    public async Task GetAllInstances_ByStatus_ListsThoseAlone()
    {
        await SeedAsync();

        Assert.Equal(["b00"], await IdsAsync(new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Running])));
        Assert.Equal(26, (await IdsAsync(new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Running]))).Count);
        Assert.Empty(await IdsAsync(new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Failed])));
    }

    [SuiteFact]
    public async Task GetAllInstances_ByTimeOfCreation_ListsThoseWithin()
    {
        Script.Main = _ => Task.FromResult<object?>(null);
        await RunMainAsync(id: "early");
        await AdvanceAsync(TimeSpan.FromHours(1));
        var from = Now;
        await RunMainAsync(id: "middle");
        await AdvanceAsync(TimeSpan.FromHours(1));
        await RunMainAsync(id: "late");

        Assert.Equal(["late", "middle"], await IdsAsync(new OrchestrationQuery(CreatedFrom: from)));
        Assert.Equal(["early", "middle"], await IdsAsync(new OrchestrationQuery(CreatedTo: from + TimeSpan.FromMinutes(30))));
        Assert.Equal(["middle"], await IdsAsync(new OrchestrationQuery(from, from + TimeSpan.FromMinutes(30))));
    }

    [SuiteFact]
    public async Task GetAllInstances_WithoutAFilter_ListsSubOrchestrationsToo()
    {
        Script.Orchestrator("Child", _ => Task.FromResult<object?>(null));
        Script.Main = async context => await context.CallSubOrchestratorAsync<string>("Child", null, Named("child"));
        await RunMainAsync();

        var found = new List<OrchestrationMetadata>();
        await foreach (var one in Client.GetAllInstancesAsync())
            found.Add(one);

        Assert.Equal(["child", "main"], found.Select(one => one.InstanceId).Order(StringComparer.Ordinal));
    }

    /// <summary>Twenty-five completed instances, a00 to a24, whose outputs are their numbers, and b00, which runs.</summary>
    private async Task SeedAsync()
    {
        Script.Main = context => Task.FromResult<object?>(context.GetInput<int>());
        Script.Orchestrator("Wait", Forever);
        for (var n = 0; n < 25; n++)
            await RunMainAsync(n, $"a{n:00}");
        await StartAsync("Wait", "b00");
        await ReachAsync(OrchestrationRuntimeStatus.Running, "b00");
    }

    private async Task<List<Page<OrchestrationMetadata>>> PagesAsync(OrchestrationQuery query)
    {
        var pages = new List<Page<OrchestrationMetadata>>();
        await foreach (var page in Client.GetAllInstancesAsync(query).AsPages())
            pages.Add(page);
        return pages;
    }

    private async Task<List<string>> IdsAsync(OrchestrationQuery query) =>
        [.. (await PagesAsync(query)).SelectMany(page => page.Values).Select(found => found.InstanceId).Order(StringComparer.Ordinal)];
}
