using System.Net;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Agents;

public class SettingsTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Settings_OneChanged_LeavesTheOthersAndIsDelivered()
    {
        var (_, agent) = await ground.TenantWithAgentAsync();
        await PatchAsync(agent, """{"maxConcurrentTasks":10,"typeLimits":{"noop":4,"backup":0},"cpuQuotaPercent":80,"ioPriority":"idle","bandwidthLimitMbps":100}""");

        var reply = await PatchAsync(agent, """{"cpuQuotaPercent":70}""");
        var beat = await agent.BeatAsync();

        Refused.Not(HttpStatusCode.OK, reply);
        Assert.Equal(["maxConcurrentTasks", "typeLimits", "cpuQuotaPercent", "ioPriority", "bandwidthLimitMbps", "version"], reply.Body.Fields());
        Assert.Equal((10, 70, "idle", 100), ((int)reply.Body!["maxConcurrentTasks"]!, (int)reply.Body["cpuQuotaPercent"]!, (string)reply.Body["ioPriority"]!, (int)reply.Body["bandwidthLimitMbps"]!));
        Assert.Equal((4, 0), ((int)reply.Body["typeLimits"]!["noop"]!, (int)reply.Body["typeLimits"]!["backup"]!));
        Assert.Equal(reply.Body.ToJsonString(), beat.Body!["settings"]!.ToJsonString());
    }

    [SuiteFact]
    public async Task Settings_VersionKnownToTheAgent_IsNotDeliveredAgain()
    {
        var (_, agent) = await ground.TenantWithAgentAsync();
        var version = (int)(await PatchAsync(agent, """{"cpuQuotaPercent":70}""")).Body!["version"]!;

        var known = await agent.Client.CallAsync("POST", $"/agents/{agent.Id}/heartbeat", $$"""{"version":"1","os":"x","uptimeSeconds":0,"settingsVersion":{{version}}}""");
        var next = (int)(await PatchAsync(agent, """{"cpuQuotaPercent":71}""")).Body!["version"]!;
        var stale = await agent.Client.CallAsync("POST", $"/agents/{agent.Id}/heartbeat", $$"""{"version":"1","os":"x","uptimeSeconds":0,"settingsVersion":{{version}}}""");

        Assert.Null(known.Body!["settings"]);
        Assert.Equal(version + 1, next);
        Assert.Equal(71, (int)stale.Body!["settings"]!["cpuQuotaPercent"]!);
    }

    [SuiteFact]
    public async Task Settings_Null_ClearsToTheDefault()
    {
        var (_, agent) = await ground.TenantWithAgentAsync();
        await PatchAsync(agent, """{"maxConcurrentTasks":10,"typeLimits":{"noop":2},"cpuQuotaPercent":80,"ioPriority":"idle","bandwidthLimitMbps":100}""");

        var reply = await PatchAsync(agent, """{"typeLimits":null,"cpuQuotaPercent":null,"ioPriority":null,"bandwidthLimitMbps":null,"maxConcurrentTasks":null}""");

        reply.Body!.AsObject().Remove("version");
        Assert.Equal("""{"maxConcurrentTasks":3,"typeLimits":{},"cpuQuotaPercent":50,"ioPriority":"low","bandwidthLimitMbps":null}""", reply.Body.ToJsonString());
    }

    [SuiteFact]
    public async Task Settings_Nothing_IsNoUpdate()
    {
        var (_, agent) = await ground.TenantWithAgentAsync();

        Refused.With(400, "no-updates", await PatchAsync(agent, "{}"));
        Refused.With(400, "no-updates", await PatchAsync(agent, ""));
    }

    [SuiteTheory]
    [InlineData("""{"maxConcurrentTasks":1}""")]
    [InlineData("""{"maxConcurrentTasks":100,"typeLimits":{"noop":100}}""")]
    [InlineData("""{"typeLimits":{"noop":0}}""")]
    [InlineData("""{"typeLimits":{}}""")]
    [InlineData("""{"cpuQuotaPercent":1}""")]
    [InlineData("""{"cpuQuotaPercent":100}""")]
    [InlineData("""{"bandwidthLimitMbps":1}""")]
    [InlineData("""{"bandwidthLimitMbps":100000}""")]
    [InlineData("""{"ioPriority":"normal"}""")]
    public async Task Settings_JustInside_AreTaken(string body)
    {
        var (_, agent) = await ground.TenantWithAgentAsync();

        Refused.Not(HttpStatusCode.OK, await PatchAsync(agent, body));
    }

    [SuiteTheory]
    [InlineData("""{"maxConcurrentTasks":0}""", "maxConcurrentTasks")]
    [InlineData("""{"maxConcurrentTasks":101}""", "maxConcurrentTasks")]
    [InlineData("""{"typeLimits":{"noop":-1}}""", "typeLimits.noop")]
    [InlineData("""{"typeLimits":{"noop":101}}""", "typeLimits.noop")]
    [InlineData("""{"typeLimits":{"noop":null}}""", "typeLimits.noop")]
    [InlineData("""{"typeLimits":{"Bad Type":1}}""", "typeLimits.Bad Type")]
    [InlineData("""{"typeLimits":7}""", "typeLimits")]
    [InlineData("""{"cpuQuotaPercent":0}""", "cpuQuotaPercent")]
    [InlineData("""{"cpuQuotaPercent":101}""", "cpuQuotaPercent")]
    [InlineData("""{"bandwidthLimitMbps":0}""", "bandwidthLimitMbps")]
    [InlineData("""{"bandwidthLimitMbps":100001}""", "bandwidthLimitMbps")]
    [InlineData("""{"ioPriority":"high"}""", "ioPriority")]
    [InlineData("""{"version":7}""", "version")]
    [InlineData("""{"maxConcurrentTasks":2,"typeLimits":{"noop":3}}""", "typeLimits.noop")]
    [InlineData("""{"typeLimits":{"noop":51}}""", "typeLimits.noop")]
    [InlineData("""{"maxConcurrentTasks":2,"typeLimits":{"noop":3},"cpuQuotaPercent":0}""", "cpuQuotaPercent", "typeLimits.noop")]
    [InlineData("""{"maxConcurrentTasks":0,"typeLimits":{"noop":101},"cpuQuotaPercent":101,"bandwidthLimitMbps":0,"ioPriority":"x","y":1}""", "bandwidthLimitMbps", "cpuQuotaPercent", "ioPriority", "maxConcurrentTasks", "typeLimits.noop", "y")]
    public async Task Settings_JustOutside_AreRefusedWithEveryProblemAndChangeNothing(string body, params string[] paths)
    {
        var (_, agent) = await ground.TenantWithAgentAsync();
        var before = (await ground.Client.ReadAsync($"/agents/{agent.Id}")).Body!["settings"]!.ToJsonString();

        Refused.At(await PatchAsync(agent, body), paths);

        Assert.Equal(before, (await ground.Client.ReadAsync($"/agents/{agent.Id}")).Body!["settings"]!.ToJsonString());
    }

    [SuiteFact]
    public async Task Settings_TotalBelowAKeptTypeLimit_IsRefused()
    {
        var (_, agent) = await ground.TenantWithAgentAsync();
        await PatchAsync(agent, """{"typeLimits":{"noop":5}}""");

        Refused.At(await PatchAsync(agent, """{"maxConcurrentTasks":4}"""), "typeLimits.noop");
        Refused.Not(HttpStatusCode.OK, await PatchAsync(agent, """{"maxConcurrentTasks":4,"typeLimits":{"noop":4}}"""));
    }

    [SuiteFact]
    public async Task Settings_ChangedByManyAtOnceAndHeartbeats_LoseNothing()
    {
        var (_, agent) = await ground.TenantWithAgentAsync();
        var before = (int)(await ground.Client.ReadAsync($"/agents/{agent.Id}")).Body!["settings"]!["version"]!;

        var patches = Enumerable.Range(1, 20).Select(i => PatchAsync(agent, $$"""{"cpuQuotaPercent":{{i}}}"""));
        var beats = Enumerable.Range(1, 20).Select(_ => agent.BeatAsync());
        var replies = await Task.WhenAll([.. patches, .. beats]);

        Assert.All(replies, reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
        Assert.Equal(before + 20, (int)(await ground.Client.ReadAsync($"/agents/{agent.Id}")).Body!["settings"]!["version"]!);
    }

    private Task<Reply> PatchAsync(Agent agent, string body) => ground.Client.CallAsync("PATCH", $"/agents/{agent.Id}/settings", body);
}
