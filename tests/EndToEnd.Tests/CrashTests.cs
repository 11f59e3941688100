using System.Net;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Support;
using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests;

public class CrashTests
{
    private const int Runs = 100;
    private const int Kills = 6;

    private static readonly Dictionary<string, string> Quick = new(StringComparer.Ordinal)
    {
        ["Headgate__Leases__Seconds"] = "5",
        ["Headgate__Heartbeat__Seconds"] = "1",
    };

    /// <summary>The service dies six times while a hundred runs are submitted, executed and reported.</summary>
    [Fact]
    public async Task Kill_AtRandomMomentsDuringAHundredRuns_LosesNothingAcknowledged()
    {
        const int seed = 20260101;
        using var folder = new TempFolder();
        var chance = new Random(seed);
        await using var crash = new CrashingService(folder.Path, Quick);
        await crash.StartAsync();
        await crash.Client.CreateTenantAsync("acme", limits: new JsonObject { ["maxConcurrentRuns"] = 1000 });
        var agent = await Agent.RegisterAsync(crash.Client, crash.NewClient, "agent");

        using var done = new CancellationTokenSource();
        var working = WorkAsync(crash, agent, done.Token);
        var submitting = SubmitAllAsync(crash);
        for (var kill = 0; kill < Kills; kill++)
        {
            await crash.AnswersAsync(chance.Next(10, 60));
            await crash.RestartAsync();
        }

        var accepted = await submitting;
        foreach (var runId in accepted)
            Assert.Equal("completed", (string?)(await crash.Client.EndAsync("acme", runId))["status"]);
        await done.CancelAsync();
        await working;

        Assert.Equal(Runs, accepted.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(0, await crash.Client.InFlightAsync("acme"));
        foreach (var runId in accepted)
        {
            var run = await crash.Client.RunAsync("acme", runId);
            Assert.All(run["tasks"]!.AsArray(), task => Assert.Single(task!["attempts"]!.AsArray(), attempt => (string?)attempt!["outcome"] == "success"));
        }
    }

    // A submission without an answer is sent again under its key, as a careful client does.
    private static async Task<List<string>> SubmitAllAsync(CrashingService crash)
    {
        var accepted = new List<string>();
        for (var i = 0; i < Runs; i++)
        {
            var reply = await crash.UntilAnsweredAsync(client => client.SubmitAsync("acme", Bodies.Run(Bodies.Task("a"), Bodies.Task("b", needs: "a")), $"run-{i}"));
            Assert.Equal(HttpStatusCode.Accepted, reply.Status);
            accepted.Add(reply.RunId);
        }

        return accepted;
    }

    private static async Task WorkAsync(CrashingService crash, Agent agent, CancellationToken done)
    {
        var held = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        while (!done.IsCancellationRequested)
        {
            try
            {
                // Results go first: what was done must be told, whatever happened to the service meanwhile.
                foreach (var task in held.Values.ToList())
                {
                    await agent.ReportAsync(task);
                    held.Remove((string)task["taskId"]!);
                }

                await agent.BeatAsync("s1");
                foreach (var task in await agent.ClaimAsync(20, 1))
                    held[(string)task!["taskId"]!] = task.DeepClone();
            }
            catch (HttpRequestException)
            {
                await crash.IsUpAsync();
            }
        }
    }
}
