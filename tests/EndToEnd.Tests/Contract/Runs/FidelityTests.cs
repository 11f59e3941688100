using System.Net;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Runs;

/// <summary>What is large or odd comes through whole, or is refused.</summary>
public class FidelityTests(ContractHost ground) : IClassFixture<ContractHost>
{
    private const string Odd = """{"n":1.10,"big":123456789012345678901234567890,"e":1E400,"z":-0,"s":"\u0000\ud83d\ude00\"\\/","k\"":[[],{},null,true]}""";

    [SuiteFact]
    public async Task Payload_OddButProper_ReachesTheAgentAsGiven()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.CallAsync("POST", $"/tenants/{tenant}/runs", $$"""{"name":"x","metadata":{{Odd}},"tasks":[{"name":"one","type":"noop","payload":{{Odd}}}]}""")).RunId;

        var task = await agent.ClaimOneAsync();
        var done = await agent.Client.CallAsync("POST", $"/agents/{agent.Id}/task-results", $$"""{"taskId":"{{task["taskId"]}}","attempt":1,"status":"success","durationSeconds":1,"output":{{Odd}}}""");
        var end = await ground.Client.EndAsync(tenant, run);

        Assert.Equal(HttpStatusCode.OK, done.Status);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Odd), task["payload"]), task["payload"]!.ToJsonString());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Odd), end["metadata"]), end["metadata"]!.ToJsonString());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Odd), end.TaskOf()["output"]), end.TaskOf()["output"]!.ToJsonString());
    }

    [SuiteFact]
    public async Task Payload_AsLargeAsABodyAllows_ReachesTheAgentWhole()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var random = new Random(7);
        var payloads = Enumerable.Range(0, 7).ToDictionary(i => $"t{i}", _ =>
        {
            var bytes = new byte[24_000];
            random.NextBytes(bytes);
            return Convert.ToHexString(bytes.AsSpan(0, 16_000));
        });
        var tasks = payloads.Select(payload =>
        {
            var task = Bodies.Task(payload.Key);
            task["payload"] = payload.Value;
            return (JsonNode)task;
        });

        Refused.Not(HttpStatusCode.Accepted, await ground.Client.SubmitAsync(tenant, Bodies.Run([.. tasks])));

        for (var claimed = 0; claimed < 7;)
        {
            foreach (var task in await agent.ClaimAsync(7, 20))
            {
                claimed++;
                Assert.Equal(payloads[((string)task!["taskId"]!).Split('.')[1]], (string?)task["payload"]);
            }
        }
    }

    [SuiteFact]
    public async Task Run_Of200TasksAtOnce_IsHandedOutAndReportedInBatches()
    {
        var tenant = await ground.TenantAsync();
        var agent = await ground.AgentAsync(tenant, maxConcurrentTasks: 100);
        var run = (await ground.Client.SubmitAsync(tenant, Bodies.Run([.. Enumerable.Range(0, 200).Select(i => Bodies.Task($"t{i}"))]))).RunId;

        for (var done = 0; done < 200;)
        {
            var tasks = await agent.ClaimAsync(100, 20);
            var batch = new JsonArray([.. tasks.Select(task => Agent.Result(task!))]);
            var reply = await agent.Client.PostAsync($"/agents/{agent.Id}/task-results", new JsonObject { ["results"] = batch });
            Assert.All(reply.Body!["results"]!.AsArray(), result => Assert.Equal("completed", (string?)result!["outcome"]));
            done += tasks.Count;
        }

        var end = await ground.Client.EndAsync(tenant, run);
        Assert.Equal("completed", (string?)end["status"]);
        Assert.Equal(200, end["tasks"]!.AsArray().Count(task => (string)task!["status"]! == "completed"));
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"t{i}"), end["tasks"]!.AsArray().Select(task => (string)task!["name"]!));
    }

    [SuiteFact]
    public async Task Failure_WithAVeryLongMessage_IsKeptInBounds()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.SubmitAsync(tenant)).RunId;

        Assert.Equal("failed", await agent.OutcomeAsync(await agent.ClaimOneAsync(), "failure", "permission denied " + new string('x', 100_000)));

        var message = (string)(await ground.Client.EndAsync(tenant, run)).TaskOf()["attempts"]![0]!["errorMessage"]!;
        Assert.StartsWith("permission denied", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 18, 5_000);
        Assert.Single((await ground.Client.ReadAsync($"/tenants/{tenant}/dead-letters")).Body!["items"]!.AsArray());
    }

    [SuiteTheory]
    [InlineData(32 * 1024, 200)]
    [InlineData((32 * 1024) + 1, 400)]
    public async Task Report_OutputAroundTheLimit_KeptOrRefused(int bytes, int status)
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        await ground.Client.SubmitAsync(tenant);
        var body = Agent.Result(await agent.ClaimOneAsync());
        body["output"] = new string('o', bytes - 2);

        var reply = await agent.Client.PostAsync($"/agents/{agent.Id}/task-results", body);

        Assert.Equal(status, (int)reply.Status);
        if (status == 400)
            Refused.At(reply, "output");
    }

    [SuiteFact]
    public async Task Claim_BySharedAgent_DoesNotLetOneTenantCrowdOutAnother()
    {
        Assert.True(await Again.UntilAsync(SingleIsAmongTheFirstAsync, isAmong => isAmong));

        async Task<bool> SingleIsAmongTheFirstAsync()
        {
            var type = ground.Name("fair");
            var shared = await ground.AgentAsync(null, types: type);
            var (crowd, single) = (await ground.TenantAsync(), await ground.TenantAsync());
            var many = (await ground.Client.SubmitAsync(crowd, Bodies.Run([.. Enumerable.Range(0, 30).Select(i => Bodies.Task($"t{i}", type))]))).RunId;
            await ground.Client.UntilAsync(crowd, many, node => node["tasks"]!.AsArray().All(task => (string)task!["status"]! == "ready"));
            var one = (await ground.Client.SubmitAsync(single, Bodies.Run(Bodies.Task("t", type)))).RunId;
            await ground.Client.UntilAsync(single, one, node => node.TaskIs("t", "ready"));
            return (await shared.ClaimAsync(4)).Any(task => (string)task!["tenantId"]! == single);
        }
    }

    [SuiteFact]
    public async Task Submit_SimultaneouslyWithOneKeyAndTwoBodies_AdmitsOneOfThem()
    {
        var tenant = await ground.TenantAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => ground.Client.SubmitAsync(tenant, Bodies.OneTask(i % 2 == 0 ? "a" : "b"), "k")));

        Assert.Equal(10, replies.Count(reply => reply.Status == HttpStatusCode.Accepted));
        Assert.Equal(10, replies.Count(reply => reply.Code == "idempotency-mismatch"));
        Assert.Equal(1, await ground.Client.InFlightAsync(tenant));
    }
}
