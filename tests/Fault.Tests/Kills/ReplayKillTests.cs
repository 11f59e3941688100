using System.Net;
using System.Text.Json.Nodes;
using Headgate.TestKit;
using TestAgent = Headgate.TestKit.Wire.Agent;

namespace Headgate.Fault.Tests.Kills;

/// <summary>Five hundred dead letters tried again while the service is killed and started anew.</summary>
public sealed class ReplayKillTests
{
    private const string Tenant = "acme";
    private const int Letters = 500;
    private const int Cap = 40;
    private const int Kills = 4;

    private static readonly Dictionary<string, string> s_settings = new(StringComparer.Ordinal)
    {
        ["Headgate__Leases__Seconds"] = "5",
        ["Headgate__Heartbeat__Seconds"] = "1",
        ["Headgate__Repair__PatienceSeconds"] = "1",
        ["Maintenance"] = "* * * * * *",
    };

    [Fact]
    public async Task Replay_ServiceIsKilledOnTheWay_ReplaysEachOnceBelowTheCapAndRepeatsNothingFinished()
    {
        using var folder = new TempFolder();
        await using var service = new CrashingService(folder.Path, s_settings);
        await service.StartAsync();
        var client = service.NewClient((await File.ReadAllTextAsync(folder["operator.key"])).Trim());
        await client.CreateTenantAsync(Tenant, "enterprise", JsonNode.Parse("""{"maxConcurrentRuns":10000,"maxMonthlyRuns":100000}"""));
        var registered = await TestAgent.RegisterAsync(client, service.NewClient, "agent", maxConcurrentTasks: 100, Tenant);
        var agent = new Worker(registered.Id, registered.Client);
        var failed = await FailAsync(client, agent);
        Refused(HttpStatusCode.OK, await client.CallAsync("PATCH", $"/tenants/{Tenant}", $$$"""{"limits":{"maxConcurrentRuns":{{{Cap}}}}}"""));

        agent.Fails = false;
        var accepted = await client.CallAsync("POST", $"/tenants/{Tenant}/dead-letters/replay", $$"""{"limit":{{Letters}},"ratePerSecond":100}""");
        Refused(HttpStatusCode.Accepted, accepted);
        Assert.Equal(Letters, (int)accepted.Body!["matching"]!);
        var killing = KillAsync(service);
        var progress = await WorkUntilReplayedAsync(client, agent, $"/tenants/{Tenant}/dead-letters/replays/{accepted.Body["replayId"]}");
        await killing;

        Assert.Equal(("completed", Letters, Letters, 0), ((string?)progress["state"], (int)progress["replayed"]!, (int)progress["runs"]!, (int)progress["skipped"]!));
        while (await InFlightAsync(client) > 0)
            await agent.WorkAsync(50);
        var replays = new HashSet<string>(StringComparer.Ordinal);
        foreach (var run in failed)
        {
            var replay = (string)(await AskAsync(() => client.ReadAsync($"/tenants/{Tenant}/runs/{run}")))["replayedAs"]!;
            Assert.True(replays.Add(replay), $"Two runs became {replay}.");
            var again = await AskAsync(() => client.ReadAsync($"/tenants/{Tenant}/runs/{replay}"));
            Assert.Equal("completed", (string?)again["status"]);
            Assert.Equal((run, """{"n":1}"""), ((string?)again["tasks"]![0]!["carriedFrom"], again["tasks"]![0]!["output"]!.ToJsonString()));
        }

        Assert.Equal(2 * Letters, await CountRunsAsync(client));
        Assert.Empty((await AskAsync(() => client.ReadAsync($"/tenants/{Tenant}/dead-letters")))["items"]!.AsArray());
        Assert.Equal(Letters, agent.Seconds.Count);
        Assert.Equal(Letters, agent.Firsts);
    }

    private static async Task KillAsync(CrashingService service)
    {
        for (var i = 0; i < Kills; i++)
        {
            await service.AnswersAsync(60);
            await service.KillAsync();
            await service.StartAsync();
        }
    }

    private static async Task<JsonNode> WorkUntilReplayedAsync(HttpClient client, Worker agent, string path)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (true)
        {
            Assert.InRange(await InFlightAsync(client), 0, Cap);
            await agent.WorkAsync(20);
            var progress = await AskAsync(() => client.ReadAsync(path));
            if (progress["finishedAt"] is not null)
                return progress;
            Assert.False(limit.IsCancellationRequested, $"The replay stayed {progress}.");
        }
    }

    /// <returns>Runs whose first task completed and whose second failed.</returns>
    private static async Task<List<string>> FailAsync(HttpClient client, Worker agent)
    {
        var runs = new List<string>(Letters);
        var body = Bodies.OneTask();
        body["tasks"] = JsonNode.Parse("""[{"name":"one","type":"noop"},{"name":"two","type":"noop","needs":["one"]}]""");
        for (var i = 0; i < Letters; i += 50)
            runs.AddRange((await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.SubmitAsync(Tenant, body)))).Select(reply => reply.RunId));
        while (await InFlightAsync(client) > 0)
            await agent.WorkAsync(100);
        return runs;
    }

    private static async Task<int> InFlightAsync(HttpClient client) => (int)(await AskAsync(() => client.ReadAsync($"/tenants/{Tenant}")))["inFlight"]!;

    private static async Task<int> CountRunsAsync(HttpClient client)
    {
        var (count, after) = (0, "");
        do
        {
            var page = await AskAsync(() => client.ReadAsync($"/tenants/{Tenant}/runs?limit=100{after}"));
            count += page["items"]!.AsArray().Count;
            after = (string?)page["next"] is { } next ? $"&after={next}" : null;
        }
        while (after is not null);
        return count;
    }

    private static void Refused(HttpStatusCode wanted, Reply reply) => Assert.True(wanted == reply.Status, $"{reply.Status} {reply.Body}");

    /// <summary>Asks until there is an answer: whoever is killed gives none.</summary>
    private static async Task<JsonNode> AskAsync(Func<Task<Reply>> call)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            try
            {
                if (await call() is { Status: HttpStatusCode.OK } reply)
                    return reply.Body!;
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException or TaskCanceledException)
            {
                // It is being killed.
            }

            Assert.False(limit.IsCancellationRequested, "There was no answer.");
            await pause.WaitForNextTickAsync();
        }
    }

    /// <summary>Does what it is given at once. What was handed to it in an answer that never came, it says it does not have.</summary>
    private sealed class Worker(string id, HttpClient client)
    {
        public bool Fails { get; set; } = true;

        /// <summary>First tasks that it completed.</summary>
        public int Firsts { get; private set; }

        /// <summary>Second tasks that it completed.</summary>
        public HashSet<string> Seconds { get; } = new(StringComparer.Ordinal);

        public async Task WorkAsync(int max)
        {
            var tasks = (await AskAsync(() => client.PostAsync($"/agents/{id}/tasks/claim", new JsonObject { ["max"] = max, ["waitSeconds"] = 0 })))["tasks"]!.AsArray();
            foreach (var task in tasks)
                await ReportAsync(task!);
            await AskAsync(() => client.PostAsync($"/agents/{id}/heartbeat", new JsonObject { ["version"] = "1", ["os"] = "linux", ["uptimeSeconds"] = 1, ["session"] = "s", ["running"] = new JsonArray() }));
        }

        private async Task ReportAsync(JsonNode task)
        {
            var taskId = (string)task["taskId"]!;
            var isFirst = taskId.EndsWith(".one", StringComparison.Ordinal);
            Assert.True(Fails || !isFirst, $"{taskId} was finished before the replay.");
            Assert.DoesNotContain(taskId, Seconds);
            var result = isFirst || !Fails ? TestAgent.Result(task) : TestAgent.Result(task, "failure", "permission denied");
            if (isFirst)
                result["output"] = JsonNode.Parse("""{"n":1}""");
            // An attempt that was lost meanwhile is no longer current, and its task comes again.
            Reply? answer = null;
            await AskAsync(async () =>
            {
                answer = await client.PostAsync($"/agents/{id}/task-results", result);
                return answer.Status is HttpStatusCode.Conflict or HttpStatusCode.NotFound ? await client.ReadAsync("/health") : answer;
            });
            if (answer!.Status != HttpStatusCode.OK)
                return;
            if (isFirst)
                Firsts++;
            else if (!Fails)
                Seconds.Add(taskId);
        }
    }
}
