using System.Net;
using System.Text.Json.Nodes;
using Headgate.TestKit;
using Headgate.Worker.Tests.Host;
using Headgate.Worker.Tests.Support;

namespace Headgate.Worker.Tests.Life;

public class StopTests
{
    /// <summary>Seconds the app gives what is under way when it stops; then it cuts it off. Less than the claim would wait.</summary>
    private const string Grace = "20";

    [SuiteTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stop_WithAClaimHeld_AnswersItAtOnce(bool bySignal)
    {
        await using var tables = await AccountTables.StartAsync();
        var settings = WorkerSettings.Of(tables);
        settings["DOTNET_shutdownTimeoutSeconds"] = Grace;
        await using var host = await FunctionsHost.StartAsync(settings);
        using var client = host.NewClient(WorkerSettings.OperatorKey);
        var agent = await Agent.RegisterAsync(client, host.NewClient, "agent");
        var claim = agent.Client.PostAsync($"/agents/{agent.Id}/tasks/claim", new JsonObject { ["max"] = 1, ["waitSeconds"] = 30 });
        // A claim is a sign of life: it has come once the agent is known to live.
        using var limit = new CancellationTokenSource(Patience.Limit);
        while ((string?)(await client.ReadAsync($"/agents/{agent.Id}")).Body!["status"] == "offline")
            Assert.False(limit.IsCancellationRequested, "The claim does not come.");

        var worker = host.Worker;
        if (bySignal)
            await worker.Process.SignalAsync("TERM");
        else
            worker.Session.Send(new() { WorkerTerminate = new() });
        var reply = await claim;

        // A claim that waits on is cut off at the end of the grace and has no answer.
        Assert.Equal((HttpStatusCode.OK, 0), (reply.Status, reply.Body?["tasks"]?.AsArray().Count));
        Assert.Equal(0, await worker.Process.EndedAsync());
    }
}
