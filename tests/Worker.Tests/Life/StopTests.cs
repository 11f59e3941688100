using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Headgate.Conformance;
using Headgate.Worker.Tests.Host;
using Headgate.Worker.Tests.Support;

namespace Headgate.Worker.Tests.Life;

public class StopTests
{
    /// <summary>Far less than the claim would wait, and far more than it takes.</summary>
    private static readonly TimeSpan s_atOnce = TimeSpan.FromSeconds(12);

    [SuiteTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stop_WithAClaimHeld_AnswersItAtOnce(bool bySignal)
    {
        await using var tables = await AccountTables.StartAsync();
        await using var host = await FunctionsHost.StartAsync(WorkerSettings.Of(tables));
        using var client = host.NewClient(WorkerSettings.OperatorKey);
        var agent = await Agent.RegisterAsync(client, host.NewClient, "agent");
        var claim = agent.Client.PostAsync($"/agents/{agent.Id}/tasks/claim", new JsonObject { ["max"] = 1, ["waitSeconds"] = 30 });
        // Another call of the same agent that reads the same rows has been answered meanwhile.
        await agent.BeatAsync();
        Assert.False(claim.IsCompleted);

        var started = Stopwatch.GetTimestamp();
        var worker = host.Worker;
        if (bySignal)
            worker.Process.Terminate();
        else
            worker.Session.Send(new() { WorkerTerminate = new() });
        var reply = await claim;
        var exitCode = await worker.Process.EndedAsync();

        Assert.True(Stopwatch.GetElapsedTime(started) < s_atOnce, $"The claim was held for {Stopwatch.GetElapsedTime(started)}.");
        Assert.Equal((HttpStatusCode.OK, 0), (reply.Status, reply.Body!["tasks"]!.AsArray().Count));
        Assert.Equal(0, exitCode);
    }
}
