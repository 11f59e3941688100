using System.Text.RegularExpressions;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Runs;

/// <summary>What a ready task is said to wait for. Types of its own keep each test's agents apart from shared ones of other tests.</summary>
public class WaitingForTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Task_WithoutASuitableAgent_TellsWhichRuleKeepsHowManyFromIt()
    {
        var tenant = await ground.TenantAsync();
        await ground.AgentAsync(await ground.TenantAsync(), types: "other-tenants");
        await ground.AgentAsync(tenant, types: "check");
        await ground.AgentAsync(tenant, types: "check");
        await ground.AgentAsync(tenant, labels: """{"os":"windows"}""", types: "backup");
        var drained = await BeatingAsync(tenant);
        var broken = await BeatingAsync(tenant);
        await ground.AgentAsync(tenant, labels: """{"os":"linux"}""", types: "backup");
        await ground.Client.CallAsync("POST", $"/agents/{drained.Id}/drain");
        await ground.Client.CallAsync("POST", $"/agents/{broken.Id}/quarantine", """{"reason":"r"}""");

        // Other tests' shared agents are among those that don't take it.
        const string expected = "^no agent: [0-9]+ do not take 'backup', 1 lacks label os=linux, 1 is in quarantine, 1 is draining, 1 is offline$";
        var run = await WaitAsync(tenant);
        await SaysAsync(tenant, run, expected);
        Assert.Matches(expected, (string?)(await ground.Client.ReadAsync($"/tasks/{run}.one")).Body!["waitingFor"]);
    }

    [SuiteFact]
    public async Task Task_WhileAllAgentsAreFull_TellsWhenASlotIsExpected()
    {
        var tenant = await ground.TenantAsync();
        var agent = await BeatingAsync(tenant, maxConcurrentTasks: 1);
        await WaitAsync(tenant);
        var first = Agent.Result(await agent.ClaimOneAsync());
        first["durationSeconds"] = 3600;
        await agent.Client.PostAsync($"/agents/{agent.Id}/task-results", first);
        await WaitAsync(tenant);
        var running = await agent.ClaimOneAsync();

        var run = await WaitAsync(tenant);
        await SaysAsync(tenant, run, "^agents busy: 1 of 1 is full, a slot is expected in 3[56]\\d\\d s$");
        var load = (await ground.Client.ReadAsync($"/agents/{agent.Id}/load")).Body!;
        await agent.OutcomeAsync(running);
        Assert.InRange((double)load["predictedFreeSlotSeconds"]!, 3000, 3600);
        await SaysAsync(tenant, run, "^an agent to claim it: 1 has room$");
        Assert.Equal(0, (double)(await ground.Client.ReadAsync($"/agents/{agent.Id}/load")).Body!["predictedFreeSlotSeconds"]!);
    }

    private async Task<Agent> BeatingAsync(string tenant, int maxConcurrentTasks = 50)
    {
        var agent = await ground.AgentAsync(tenant, maxConcurrentTasks, """{"os":"linux"}""", "backup");
        await agent.BeatAsync();
        return agent;
    }

    // What is told of agents may be a moment old.
    private async Task SaysAsync(string tenant, string run, string expected) =>
        await ground.Client.UntilAsync(tenant, run, view => (string?)view.TaskOf()["waitingFor"] is { } text && Regex.IsMatch(text, expected, RegexOptions.None, TimeSpan.FromSeconds(5)));

    private async Task<string> WaitAsync(string tenant)
    {
        var run = (await ground.Client.SubmitAsync(tenant, RunKit.With("""{"type":"backup","labels":{"os":"linux"}}"""))).RunId;
        await ground.Client.UntilAsync(tenant, run, node => node.TaskIs("one", "ready"));
        return run;
    }
}
