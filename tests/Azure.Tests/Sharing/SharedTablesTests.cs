using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Headgate.Conformance;

namespace Headgate.Azure.Tests.Sharing;

public sealed class SharedTablesTests
{
    private const int Processes = 4;

    [SuiteFact]
    public async Task Submit_TwoHundredAtOnceOverFourProcesses_AdmitsExactlyTheCap()
    {
        await using var cluster = await Cluster.StartAsync(Processes);
        await CreateTenantAsync(cluster);

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => SubmitUntilDecidedAsync(cluster.Clients[i % Processes])));

        Assert.Equal(5, answers.Count(answer => answer.Status == HttpStatusCode.Accepted));
        Assert.Equal(195, answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests));
        foreach (var client in cluster.Clients)
            Assert.Equal(5, await InFlightAsync(client));
    }

    [SuiteFact]
    public async Task Pause_ThroughOneProcess_AppliesInAll()
    {
        await using var cluster = await Cluster.StartAsync(Processes);
        await CreateTenantAsync(cluster);
        // Every process has seen the tenant active before one of them pauses it.
        await Task.WhenAll(cluster.Clients.Select(SubmitUntilDecidedAsync));

        await cluster.Clients[0].PostAsync("/tenants/acme/pause", null);
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => SubmitUntilDecidedAsync(cluster.Clients[i % Processes])));

        Assert.All(answers, answer => Assert.Equal("tenant-paused", (string?)answer.Body["code"]));
    }

    [SuiteFact]
    public async Task Kill_OfProcessesThatHoldRuns_LeavesNoSlotBehind()
    {
        await using var cluster = await Cluster.StartAsync(Processes);
        await CreateTenantAsync(cluster);
        var admitted = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => SubmitUntilDecidedAsync(cluster.Clients[i % Processes])));
        Assert.All(admitted, answer => Assert.Equal(HttpStatusCode.Accepted, answer.Status));

        // Two of four are killed with runs of theirs in progress; the others must finish those.
        await cluster.Processes[0].KillAsync();
        await cluster.Processes[1].KillAsync();
        using var agent = await AgentAsync(cluster, process: 2);
        using var done = new CancellationTokenSource();
        var working = WorkAsync(agent, done.Token);
        await UntilAsync(async () => await InFlightAsync(cluster.Clients[3]) == 0);
        await done.CancelAsync();
        await working;

        foreach (var answer in admitted)
        {
            var run = await cluster.Clients[2].GetFromJsonAsync<JsonNode>($"/tenants/acme/runs/{answer.Body["runId"]}");
            Assert.Equal("completed", (string?)run!["status"]);
        }
    }

    private static async Task CreateTenantAsync(Cluster cluster)
    {
        var answer = await cluster.Clients[0].PostAsJsonAsync("/tenants", new { id = "acme", name = "Acme", plan = "pro" });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    // Busy is not a decision: other processes kept winning the ledger, and the caller should try again.
    private static async Task<(HttpStatusCode Status, JsonNode Body)> SubmitUntilDecidedAsync(HttpClient client)
    {
        while (true)
        {
            var answer = await client.PostAsJsonAsync("/tenants/acme/runs", new { name = "n", tasks = new[] { new { name = "a", type = "noop" } } });
            var body = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
            if ((string?)body["code"] != "busy")
                return (answer.StatusCode, body);
        }
    }

    private static async Task<int> InFlightAsync(HttpClient client) => (int)(await client.GetFromJsonAsync<JsonNode>("/tenants/acme"))!["inFlight"]!;

    private static async Task<HttpClient> AgentAsync(Cluster cluster, int process)
    {
        var answer = await cluster.Clients[process].PostAsJsonAsync("/agents", new { name = "a", os = "linux", arch = "x64", version = "1", capabilities = new[] { "noop" } });
        var body = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        var client = cluster.NewClient(process, (string)body["key"]!);
        client.BaseAddress = new Uri($"{client.BaseAddress}agents/{body["agentId"]}/");
        return client;
    }

    private static async Task WorkAsync(HttpClient agent, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            await agent.PostAsJsonAsync("heartbeat", new { version = "1", os = "linux", uptimeSeconds = 1 }, CancellationToken.None);
            var claim = await agent.PostAsJsonAsync("tasks/claim", new { max = 3, waitSeconds = 1 }, CancellationToken.None);
            foreach (var task in (await claim.Content.ReadFromJsonAsync<JsonNode>(CancellationToken.None))!["tasks"]!.AsArray())
            {
                var result = new { taskId = (string)task!["taskId"]!, attempt = (int)task["attempt"]!, status = "success", durationSeconds = 0.1 };
                await agent.PostAsJsonAsync("task-results", result, CancellationToken.None);
            }
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(60); DateTime.UtcNow < deadline;)
        {
            if (await holds())
                return;
        }

        throw new TimeoutException("It did not come about within a minute.");
    }
}
