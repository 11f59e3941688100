using DurableTask.Core.History;
using Headgate.Functions.Runs;
using Headgate.TestKit.Wire;
using Microsoft.DurableTask.Client;

namespace Headgate.Durable.Tests.Runs;

/// <summary>Runs of each kind on Microsoft's engine end as on ours and take the recorded paths of ours.</summary>
public sealed class PublishedRunTests
{
    [Fact]
    public async Task Run_OfTwoTasks_Completes()
    {
        await using var service = await PublishedService.StartAsync();
        var run = await service.Tenant.SubmitAsync(Bodies.Task("first"), Bodies.Task("second", needs: "first"));
        await ReportOneAsync(service, run, turns: 2);
        await ReportOneAsync(service, run, turns: 4);

        await DemandEndAsync(service, run, "completed", "success.1.json");
    }

    [Fact]
    public async Task Run_WhoseTaskFailsOnce_TriesAgainWhenItsTimerFires()
    {
        await using var service = await PublishedService.StartAsync();
        await service.Tenant.PutPolicyAsync("quick", """{"maxRetries":2,"baseSeconds":5,"maxSeconds":10}""");
        var task = Bodies.Task("flaky");
        task["policy"] = "quick";
        var run = await service.Tenant.SubmitAsync(task);
        var claimed = (await service.Tenant.ClaimAsync())!;
        await service.ReachAsync(run, 2);
        var failed = service.Clock.GetUtcNow();
        await service.Tenant.ReportAsync(claimed, "failure", "connection reset by peer");
        await service.ReachAsync(run, 4);
        service.Clock.Advance(TimeSpan.FromSeconds(10));
        await service.ReachAsync(run, 6);
        await service.Tenant.ReportAsync((await service.Tenant.ClaimAsync())!);

        await DemandEndAsync(service, run, "completed", "retry.1.json");
        var timer = Assert.Single(service.WrittenOf(run).OfType<TimerCreatedEvent>());
        Assert.InRange(timer.FireAt - failed.UtcDateTime, TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Run_StoreUnavailableForAWhile_LooksAgain()
    {
        await using var service = await PublishedService.StartAsync();
        var run = await service.Tenant.SubmitAsync(Bodies.Task("one"));
        var task = (await service.Tenant.ClaimAsync())!;
        await service.ReachAsync(run, 2);
        service.Tables.IsCutOff = true;
        await service.WakeAsync(run);
        await service.ReachAsync(run, 4);
        service.Tables.IsCutOff = false;
        service.Clock.Advance(TimeSpan.FromSeconds(2));
        await service.ReachAsync(run, 6);
        await service.Tenant.ReportAsync(task);

        await DemandEndAsync(service, run, "completed", "store-away.1.json");
    }

    [Fact]
    public async Task Run_Cancelled_EndsByTheEvent()
    {
        await using var service = await PublishedService.StartAsync();
        var run = await service.Tenant.SubmitAsync(Bodies.Task("waits"));
        await service.ReachAsync(run, 2);
        await service.Tenant.CancelAsync(run);

        await DemandEndAsync(service, run, "cancelled", "cancel.1.json");
    }

    [Fact]
    public async Task Run_OfMoreLooksThanAGenerationHas_ContinuesAsNew()
    {
        await using var service = await PublishedService.StartAsync();
        var run = await service.Tenant.SubmitAsync([.. Enumerable.Range(0, RunOrchestration.LooksPerGeneration + 3).Select(n => Bodies.Task($"t{n}"))]);
        await service.ReachAsync(run, 2);
        for (var looks = 2; await service.Tenant.ClaimAsync(waitSeconds: 0) is { } task; looks++)
        {
            await service.Tenant.ReportAsync(task);
            await service.ReachAsync(run, looks * 2);
        }

        await DemandEndAsync(service, run, "completed", "continue-as-new.1.json");
        Assert.Equal(2, service.WrittenOf(run).Count(one => one is ExecutionStartedEvent));
    }

    private static async Task ReportOneAsync(PublishedService service, string run, int turns)
    {
        var task = (await service.Tenant.ClaimAsync())!;
        await service.ReachAsync(run, turns);
        await service.Tenant.ReportAsync(task);
    }

    private static async Task DemandEndAsync(PublishedService service, string run, string status, string file)
    {
        Assert.Equal(OrchestrationRuntimeStatus.Completed, await service.EndAsync(run));
        Assert.Equal(status, await service.Tenant.StatusAsync(run));
        Assert.Equal(RecordedPaths.Recorded(file), RecordedPaths.Written(service.WrittenOf(run)));
    }
}
