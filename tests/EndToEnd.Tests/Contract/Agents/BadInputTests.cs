using System.Net;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Agents;

/// <summary>What an agent may send by mistake or by malice: refused or bounded, and nobody else's harm.</summary>
public class BadInputTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteTheory]
    [InlineData(4095, 1, 0, 4098)]
    [InlineData(1, 3000, 26_718, 30 * 1024 - 1)]
    public async Task Result_WithTextsCutAmidACharacter_IsTakenAndShownShort(int before, int faces, int after, int logLength)
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.SubmitAsync(tenant, RunKit.With("""{"maxRetries":0}"""))).RunId;
        var text = new string('a', before) + string.Concat(Enumerable.Repeat("😀", faces)) + new string('c', after);
        var result = Agent.Result(await agent.ClaimOneAsync(), "failure", text);
        result["log"] = text + "b";

        var reply = await agent.Client.PostAsync($"/agents/{agent.Id}/task-results", result);

        Refused.Not(HttpStatusCode.OK, reply);
        var attempt = (await ground.Client.ReadAsync($"/tasks/{run}.one")).Body!["attempts"]![0]!;
        var (message, log) = ((string)attempt["errorMessage"]!, (string)attempt["log"]!);
        Assert.Equal((4095, logLength), (message.Length, log.Length));
        Assert.StartsWith(message, text, StringComparison.Ordinal);
        Assert.EndsWith(log, text + "b", StringComparison.Ordinal);
    }

    [SuiteFact]
    public async Task Result_WithControlCharactersInItsTexts_IsShownAsItCame()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.SubmitAsync(tenant, RunKit.With("""{"maxRetries":0}"""))).RunId;
        const string text = "a\u0000b\u001b[31mc\r\n\td\u007f\u0085";
        var result = Agent.Result(await agent.ClaimOneAsync(), "failure", text);
        result["log"] = text;

        Refused.Not(HttpStatusCode.OK, await agent.Client.PostAsync($"/agents/{agent.Id}/task-results", result));

        var attempt = (await ground.Client.ReadAsync($"/tasks/{run}.one")).Body!["attempts"]![0]!;
        Assert.Equal((text, text), ((string)attempt["errorMessage"]!, (string)attempt["log"]!));
    }

    [SuiteFact]
    public async Task Result_OfInvalidUtf8_IsRefused()
    {
        var (_, agent) = await ground.TenantWithAgentAsync();
        byte[] body = [.. "{\"taskId\":\"x.y\",\"attempt\":1,\"status\":\"success\",\"durationSeconds\":1,\"log\":\""u8, 0xC3, 0x28, .. "\"}"u8];

        Refused.At(await agent.Client.CallAsync("POST", $"/agents/{agent.Id}/task-results", body, "application/json"), "");
    }

    [SuiteFact]
    public async Task Results_OfTasksThatAreNotTheAgents_AreRefusedOneByOneAndHarmNobody()
    {
        var tenant = await ground.TenantAsync();
        var (thief, owner) = (await ground.AgentAsync(tenant), await ground.AgentAsync(tenant, types: "backup"));
        var held = (await ground.Client.SubmitAsync(tenant, RunKit.With("""{"type":"backup"}"""))).RunId;
        var task = await owner.ClaimOneAsync();
        var ready = (await ground.Client.SubmitAsync(tenant, RunKit.With("""{"type":"never"}"""))).RunId;
        await ground.Client.UntilAsync(tenant, ready, node => node.TaskIs("one", "ready"));
        var mine = (await ground.Client.SubmitAsync(tenant)).RunId;
        var good = await thief.ClaimOneAsync();
        var (_, foreigner) = await ground.TenantWithAgentAsync();
        JsonObject[] results =
        [
            Agent.Result(task), Agent.Result(Named(ready + ".one")), Agent.Result(Named(ready + ".none")), Agent.Result(Named("nothing")), Agent.Result(Named("..\\..")), Agent.Result(good, attempt: 7), Agent.Result(good),
        ];

        var reply = await thief.Client.PostAsync($"/agents/{thief.Id}/task-results", new JsonObject { ["results"] = new JsonArray([.. results]) });
        var foreign = await foreigner.Client.PostAsync($"/agents/{foreigner.Id}/task-results", Agent.Result(task));
        var masked = await foreigner.Client.PostAsync($"/agents/{owner.Id}/task-results", Agent.Result(task));

        Assert.Equal(
            [.. Enumerable.Repeat("task-not-found", 6), null],
            reply.Body!["results"]!.AsArray().Select(entry => (string?)entry!["code"]));
        Refused.With(404, "task-not-found", foreign);
        Assert.Equal(HttpStatusCode.NotFound, masked.Status);
        Assert.Equal("completed", (string?)(await ground.Client.EndAsync(tenant, mine))["status"]);
        Assert.True((await ground.Client.RunAsync(tenant, held)).TaskIs("one", "assigned"));
        Assert.True((await ground.Client.RunAsync(tenant, ready)).TaskIs("one", "ready"));
        Assert.Equal("completed", await owner.OutcomeAsync(task));
    }

    [SuiteTheory]
    [InlineData("name")]
    [InlineData("os")]
    [InlineData("arch")]
    [InlineData("version")]
    public async Task Register_WithControlCharacters_IsRefused(string field)
    {
        foreach (var character in new[] { '\u0000', '\n', '\u001b', '\u007f', '\u0085' })
        {
            var profile = AgentKit.Profile(ground.Name(), await ground.TenantAsync(), "noop");
            profile[field] = $"a{character}b";

            Refused.At(await ground.Client.PostAsync("/agents", profile), field);
        }
    }

    private static JsonObject Named(string taskId) => new() { ["taskId"] = taskId, ["attempt"] = 1 };
}
