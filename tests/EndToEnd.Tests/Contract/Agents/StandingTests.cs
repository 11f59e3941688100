using System.Net;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Agents;

/// <summary>Agents that are kept from work: drained or in quarantine.</summary>
public class StandingTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteTheory]
    [InlineData("drain", "undrain", "draining")]
    [InlineData("quarantine", "release", "quarantined")]
    public async Task Agent_KeptFromWork_FinishesWhatItHoldsAndGetsNothingUntilItMay(string keep, string let, string state)
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var first = (await ground.Client.SubmitAsync(tenant)).RunId;
        var held = await agent.ClaimOneAsync();

        var kept = await MoveAsync(agent, keep);
        var second = (await ground.Client.SubmitAsync(tenant)).RunId;
        await ground.Client.UntilAsync(tenant, second, node => node.TaskIs("one", "ready"));

        Assert.Equal(state, (string?)kept["state"]);
        Assert.Equal(kept.ToJsonString(), (await ground.Client.ReadAsync($"/agents/{agent.Id}")).Body!.ToJsonString());
        Assert.Equal(state, (string?)(await ground.Client.ReadAsync($"/agents/{agent.Id}/load")).Body!["state"]);
        Assert.Empty(await agent.ClaimAsync());
        Assert.Equal("completed", await agent.OutcomeAsync(held));
        await ground.Client.EndAsync(tenant, first);
        Assert.Empty(await agent.ClaimAsync());

        Assert.Equal("active", (string?)(await MoveAsync(agent, let))["state"]);
        Assert.Equal(second, (string?)(await agent.ClaimOneAsync())["runId"]);
    }

    [SuiteFact]
    public async Task Agent_KeptFromWork_StaysSoWhateverElseIsSaidOfIt()
    {
        var tenant = await ground.TenantAsync();
        var name = ground.Name("agent");
        var registered = (await ground.Client.PostAsync("/agents", AgentKit.Profile(name, tenant, "noop"))).Body!;
        var agent = new Agent((string)registered["agentId"]!, ground.NewClient((string)registered["key"]!));
        await MoveAsync(agent, "drain");
        await MoveAsync(agent, "quarantine");

        await ground.Client.CallAsync("PATCH", $"/agents/{agent.Id}/settings", """{"maxConcurrentTasks":9}""");
        await ground.Client.PostAsync("/agents", AgentKit.Profile(name, tenant, "noop", "backup"));
        await agent.Client.CallAsync("POST", $"/agents/{agent.Id}/heartbeat", """{"version":"2","os":"other","uptimeSeconds":1}""");

        var view = (await ground.Client.ReadAsync($"/agents/{agent.Id}")).Body!;
        Assert.Equal(("quarantined", 9, "other"), ((string?)view["state"], (int)view["settings"]!["maxConcurrentTasks"]!, (string?)view["os"]));
        Assert.Equal("disk fails", (string?)view["quarantine"]!["reason"]);
        view["quarantine"]!["at"].Time();
        view["drainedAt"].Time();
        Assert.Equal("draining", (string?)(await MoveAsync(agent, "release"))["state"]);
    }

    [SuiteFact]
    public async Task Agent_AskedForWhatIsSoAlready_AnswersTheSameAndAuditsOnce()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        using var admin = await ground.MemberAsync(tenant, "admin");
        var actions = new List<string>();
        foreach (var move in new[] { "undrain", "release", "drain", "quarantine", "undrain", "release" })
        {
            var once = await MoveAsync(agent, move, admin);
            Assert.Equal(once.ToJsonString(), (await MoveAsync(agent, move, admin)).ToJsonString());
        }

        foreach (var entry in (await ground.Client.ReadAsync($"/tenants/{tenant}/audit?limit=100")).Body!["items"]!.AsArray())
        {
            if ((string?)entry!["target"] == agent.Id)
                actions.Add($"{entry["action"]} {entry["reason"]}");
        }

        Assert.Equal(["agent.released ", "agent.undrained ", "agent.quarantined disk fails", "agent.drained "], actions);
    }

    [SuiteTheory]
    [InlineData("quarantine", null)]
    [InlineData("quarantine", "{}")]
    [InlineData("quarantine", """{"reason":""}""")]
    [InlineData("quarantine", """{"reason":"a\u0000b"}""")]
    [InlineData("quarantine", """{"reason":7}""")]
    public async Task Quarantine_WithoutAReason_IsRefused(string move, string? body)
    {
        var (_, agent) = await ground.TenantWithAgentAsync();

        Refused.At(await ground.Client.CallAsync("POST", $"/agents/{agent.Id}/{move}", body), "reason");
        Assert.Equal("active", (string?)(await ground.Client.ReadAsync($"/agents/{agent.Id}")).Body!["state"]);
    }

    private async Task<JsonNode> MoveAsync(Agent agent, string move, HttpClient? client = null)
    {
        var reply = await (client ?? ground.Client).CallAsync("POST", $"/agents/{agent.Id}/{move}", move == "quarantine" ? """{"reason":"disk fails"}""" : null);
        Refused.Not(HttpStatusCode.OK, reply);
        return reply.Body!;
    }
}
