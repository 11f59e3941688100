using System.Net;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Agents;

public class HeartbeatTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Heartbeat_OfAnIdleAgent_AnswersAsTheContractSays()
    {
        var (_, agent) = await ground.TenantWithAgentAsync();

        var reply = await agent.BeatAsync();

        Assert.Equal(["nextHeartbeatSeconds", "settings", "cancel", "lost"], reply.Body.Fields());
        Assert.Equal(10, (int)reply.Body!["nextHeartbeatSeconds"]!);
        // Late once it was silent for two heartbeats: so long may a slow machine take to read it.
        Assert.Contains((string?)(await ground.Client.ReadAsync($"/agents/{agent.Id}")).Body!["status"], new[] { "online", "late" });
    }

    [SuiteTheory]
    [InlineData("""{}""", "os", "version")]
    [InlineData("""{"version":"","os":""}""", "os", "version")]
    [InlineData("""{"version":7,"os":null}""", "os", "version")]
    [InlineData("""{"version":"1","os":"x","uptimeSeconds":-1}""", "uptimeSeconds")]
    [InlineData("""{"version":"1","os":"x","uptimeSeconds":"1"}""", "uptimeSeconds")]
    [InlineData("""{"version":"1","os":"x","uptimeSeconds":1e999}""", "uptimeSeconds")]
    [InlineData("""{"version":"1","os":"x","disks":7}""", "disks")]
    [InlineData("""{"version":"1","os":"x","disks":[{}]}""", "disks[0].freeBytes", "disks[0].mountPath", "disks[0].totalBytes")]
    [InlineData("""{"version":"1","os":"x","disks":[{"mountPath":"/","freeBytes":-1,"totalBytes":0}]}""", "disks[0].freeBytes", "disks[0].totalBytes")]
    [InlineData("""{"version":"1","os":"x","running":[{"taskId":"a"}]}""", "running[0].attempt")]
    [InlineData("""{"version":"1","os":"x","running":[{"taskId":"a","attempt":0}]}""", "running[0].attempt")]
    [InlineData("""{"version":"1","os":"x","running":["a"]}""", "running[0]")]
    [InlineData(
        """{"version":"1","os":"x","running":[{"taskId":"a","attempt":1,"progress":{"percent":101,"bytes":-1,"files":1.5,"x":1}}]}""",
        "running[0].progress.bytes", "running[0].progress.files", "running[0].progress.percent", "running[0].progress.x")]
    [InlineData("""{"version":"1","os":"x","settingsVersion":-1}""", "settingsVersion")]
    [InlineData("""{"version":"1","os":"x","load":{"cpuPercent":-1,"memoryPercent":101,"freeSlots":-1,"x":1}}""", "load.cpuPercent", "load.freeSlots", "load.memoryPercent", "load.x")]
    [InlineData("""{"version":"1","os":"x","session":""}""", "session")]
    [InlineData("""{"version":"1","os":"x","lastBackupStatus":"none"}""", "lastBackupStatus")]
    public async Task Heartbeat_WrongBody_IsRefusedWithEveryProblem(string body, params string[] paths)
    {
        var (_, agent) = await ground.TenantWithAgentAsync();
        Refused.At(await SendAsync(agent, body), paths);
    }

    [SuiteTheory]
    [InlineData(50, 100, 200)]
    [InlineData(51, 100, 400)]
    [InlineData(50, 101, 400)]
    public async Task Heartbeat_TextsOf50AndDisksOf100_AreTheMost(int text, int disks, int status)
    {
        var (_, agent) = await ground.TenantWithAgentAsync();
        var list = string.Join(',', Enumerable.Range(0, disks).Select(i => $$"""{"mountPath":"/{{i}}","freeBytes":0,"totalBytes":1}"""));
        var word = new string('v', text);

        var reply = await SendAsync(agent, $$"""{"version":"{{word}}","os":"{{word}}","uptimeSeconds":0,"disks":[{{list}}]}""");

        Assert.Equal(status, (int)reply.Status);
        if (disks == 101)
            Refused.At(reply, "disks");
        else if (text == 51)
            Refused.At(reply, "os", "version");
    }

    [SuiteFact]
    public async Task Heartbeat_ListingATask_MakesItRun()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.SubmitAsync(tenant)).RunId;
        var task = await agent.ClaimOneAsync();
        var assigned = await ground.Client.RunAsync(tenant, run);

        var reply = await agent.BeatAsync("s", task);

        Assert.True(assigned.TaskIs("one", "assigned"));
        Assert.True((await ground.Client.RunAsync(tenant, run)).TaskIs("one", "running"));
        Assert.Empty(reply.Body!["lost"]!.AsArray());
        Assert.Empty(reply.Body["cancel"]!.AsArray());
    }

    [SuiteFact]
    public async Task Heartbeat_WithProgress_IsShownWithTheTaskUntilItEnds()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.SubmitAsync(tenant)).RunId;
        var task = await agent.ClaimOneAsync();
        async Task<string?> ShownAsync() => (await ground.Client.RunAsync(tenant, run)).TaskOf()["progress"]?.ToJsonString();

        Assert.Null(await ShownAsync());
        foreach (var progress in new[] { """{"percent":12.5,"bytes":4096,"files":null}""", """{"percent":60,"bytes":9000000000,"files":7}""" })
        {
            await SendAsync(agent, $$"""{"version":"1","os":"linux","session":"s","running":[{"taskId":"{{task["taskId"]}}","attempt":1,"progress":{{progress}}}]}""");
            Assert.Equal(progress, await ShownAsync());
            Assert.Equal(progress, (await ground.Client.ReadAsync($"/tasks/{run}.one")).Body!["progress"]!.ToJsonString());
        }

        await agent.BeatAsync("s", task);
        Assert.NotNull(await ShownAsync());
        await agent.OutcomeAsync(task);
        Assert.Null(await ShownAsync());
    }

    [SuiteFact]
    public async Task Heartbeat_OneMissThenListed_KeepsTheTask()
    {
        var (_, agent) = await ground.TenantWithAgentAsync();
        await agent.BeatAsync();
        await ground.Client.SubmitAsync((string)(await ground.Client.ReadAsync($"/agents/{agent.Id}")).Body!["tenantId"]!);
        var task = await agent.ClaimOneAsync();

        await agent.BeatAsync();
        await agent.BeatAsync("s1", task);
        await agent.BeatAsync();

        Assert.Equal("completed", await agent.OutcomeAsync(task));
    }

    [SuiteFact]
    public async Task Heartbeat_ListingAnOldAttempt_IsToldThatItIsLost()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        await ground.Client.SubmitAsync(tenant);
        var task = await agent.ClaimOneAsync();
        await agent.OutcomeAsync(task);

        var reply = await agent.BeatAsync("s", task);

        Assert.Equal([(string)task["taskId"]!], reply.Body!["lost"]!.AsArray().Select(id => (string)id!));
    }

    [SuiteFact]
    public async Task Heartbeat_OfIdsThatNoTaskHas_CallsThemLost()
    {
        var (_, agent) = await ground.TenantWithAgentAsync();

        var reply = await agent.BeatAsync("s", new JsonObject { ["taskId"] = "../x", ["attempt"] = 1 }, new JsonObject { ["taskId"] = "nothing", ["attempt"] = 99 });

        Refused.Not(HttpStatusCode.OK, reply);
        Assert.Equal(["../x", "nothing"], reply.Body!["lost"]!.AsArray().Select(id => (string)id!).Order(StringComparer.Ordinal));
    }

    private static Task<Reply> SendAsync(Agent agent, string body) => agent.Client.CallAsync("POST", $"/agents/{agent.Id}/heartbeat", body);
}
