using Headgate.Engine.Replay;
using Headgate.Functions.Runs;
using Headgate.TestKit.Wire;

namespace Headgate.Engine.Tests.Histories;

/// <summary>
/// Carries a run of each kind through the real service and replays its recording. If <c>HEADGATE_RECORD_HISTORIES</c> names a folder, the
/// recordings are added to it as files with the next free number.
/// </summary>
public sealed class RunRecordingTests
{
    [Fact]
    public async Task Run_OfTwoTasks_IsRecordedToItsEnd()
    {
        await using var recorder = await RunRecorder.StartAsync();
        var run = await recorder.Tenant.SubmitAsync(Bodies.Task("first"), Bodies.Task("second", needs: "first"));
        await recorder.Tenant.ReportAsync((await recorder.Tenant.ClaimAsync())!);
        await recorder.Tenant.ReportAsync((await recorder.Tenant.ClaimAsync())!);

        var recorded = await recorder.EndAsync(run);

        var generation = Assert.Single(recorded.Generations);
        Assert.Equal(TurnEnd.Completed, generation.End);
        Keep(recorded, "success");
    }

    [Fact]
    public async Task Run_WhoseTaskFailsOnce_IsRecordedWithItsTimer()
    {
        await using var recorder = await RunRecorder.StartAsync();
        await recorder.Tenant.PutPolicyAsync("quick", """{"maxRetries":2,"baseSeconds":5,"maxSeconds":10}""");
        var task = Bodies.Task("flaky");
        task["policy"] = "quick";
        var run = await recorder.Tenant.SubmitAsync(task);
        var claimed = (await recorder.Tenant.ClaimAsync())!;
        await recorder.ReachAsync(run, 2);
        await recorder.Tenant.ReportAsync(claimed, "failure", "connection reset by peer");
        await recorder.ReachAsync(run, 4);
        await recorder.Tenant.ReportAsync(await recorder.Tenant.ClaimLaterAsync());

        var recorded = await recorder.EndAsync(run);

        var turns = Assert.Single(recorded.Generations).Turns;
        Assert.Contains(turns, turn => turn.Asked.Any(asked => asked.Kind == "timer"));
        Assert.Contains(turns, turn => turn.Came.Any(came => came.Kind == "fired"));
        Keep(recorded, "retry");
    }

    [Fact]
    public async Task Run_StoreUnavailableForAWhile_IsRecordedWithTheSecondLook()
    {
        await using var recorder = await RunRecorder.StartAsync();
        var run = await recorder.Tenant.SubmitAsync(Bodies.Task("one"));
        var task = (await recorder.Tenant.ClaimAsync())!;
        await recorder.ReachAsync(run, 2);
        recorder.Tables.IsCutOff = true;
        await recorder.WakeAsync(run);
        await recorder.ReachAsync(run, 4);
        recorder.Tables.IsCutOff = false;
        recorder.Clock.Advance(TimeSpan.FromSeconds(2));
        await recorder.ReachAsync(run, 6);
        await recorder.Tenant.ReportAsync(task);

        var recorded = await recorder.EndAsync(run);

        Assert.Contains(Assert.Single(recorded.Generations).Turns, turn => turn.Came.Any(came => came.Kind == "failed") && turn.Asked.Any(asked => asked.Kind == "timer"));
        Keep(recorded, "store-away");
    }

    [Fact]
    public async Task Run_Cancelled_IsRecordedWithTheEventThatEndedIt()
    {
        await using var recorder = await RunRecorder.StartAsync();
        var run = await recorder.Tenant.SubmitAsync(Bodies.Task("waits"));
        await recorder.ReachAsync(run, 2);
        await recorder.Tenant.CancelAsync(run);

        var recorded = await recorder.EndAsync(run);

        var turns = Assert.Single(recorded.Generations).Turns;
        Assert.Contains(turns, turn => turn.Came.Any(came => came is { Kind: "raised", Name: RunOrchestration.ChangedEvent }));
        Keep(recorded, "cancel");
    }

    [Fact]
    public async Task Run_OfMoreLooksThanAGenerationHas_IsRecordedOverBoth()
    {
        await using var recorder = await RunRecorder.StartAsync();
        var run = await recorder.Tenant.SubmitAsync([.. Enumerable.Range(0, RunOrchestration.LooksPerGeneration + 3).Select(n => Bodies.Task($"t{n}"))]);
        await recorder.ReachAsync(run, 2);
        while (await recorder.Tenant.ClaimAsync(waitSeconds: 0) is { } task)
        {
            // Each report takes two turns: one that it wakes, and one for the activity's answer.
            var turns = recorder.Turns;
            await recorder.Tenant.ReportAsync(task);
            await recorder.ReachAsync(run, turns + 2);
        }

        var recorded = await recorder.EndAsync(run);

        Assert.Equal([TurnEnd.ContinuedAsNew, TurnEnd.Completed], recorded.Generations.Select(generation => generation.End));
        Keep(recorded, "continue-as-new");
    }

    private static void Keep(RecordedRun recorded, string name)
    {
        Assert.Null(HistoryReplay.Breach(recorded, async context =>
        {
            await RunOrchestration.RunAsync(context);
            return null;
        }));
        if (Environment.GetEnvironmentVariable("HEADGATE_RECORD_HISTORIES") is { Length: > 0 } folder)
            recorded.Save(Path.Combine(folder, $"{name}.{Directory.GetFiles(folder, $"{name}.*.json").Length + 1}.json"));
    }
}
