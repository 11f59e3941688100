using System.Net;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Agents;

public class RegisterTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Register_NewThenAgain_GivesTheKeyOnce()
    {
        var tenant = await ground.TenantAsync();
        var profile = AgentKit.Profile("builder", tenant, "noop");

        var first = await ground.Client.PostAsync("/agents", profile.DeepClone());
        var second = await ground.Client.PostAsync("/agents", profile.DeepClone());

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (first.Status, second.Status));
        Assert.Equal((string?)first.Body!["agentId"], (string?)second.Body!["agentId"]);
        Assert.NotNull((string?)first.Body["key"]);
        Assert.Null((string?)second.Body["key"]);
    }

    [SuiteFact]
    public async Task Register_SameNameOfAnotherOwner_IsAnotherAgent()
    {
        var name = ground.Name("agent");
        var ids = new List<string>();
        foreach (var tenant in new[] { await ground.TenantAsync(), await ground.TenantAsync(), null })
        {
            var reply = await ground.Client.PostAsync("/agents", AgentKit.Profile(name, tenant, "noop"));
            Assert.Equal(HttpStatusCode.Created, reply.Status);
            ids.Add((string)reply.Body!["agentId"]!);
        }

        Assert.Equal(3, ids.Distinct().Count());
    }

    [SuiteFact]
    public async Task Register_ManyAtOnceWithOneName_MakesOneAgentAndOneKey()
    {
        var profile = AgentKit.Profile("crowd", await ground.TenantAsync(), "noop");

        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => ground.Client.PostAsync("/agents", profile.DeepClone())));

        Assert.Single(replies, reply => reply.Status == HttpStatusCode.Created && (string?)reply.Body!["key"] is not null);
        Assert.Single(replies.Select(reply => (string)reply.Body!["agentId"]!).Distinct());
    }

    [SuiteFact]
    public async Task Read_Agent_ShowsProfileAndDefaultSettings()
    {
        var tenant = await ground.TenantAsync();
        var body = AgentKit.Profile("builder", tenant, "backup", "check");
        body["labels"] = new System.Text.Json.Nodes.JsonObject { ["os"] = "linux" };
        var id = (string)(await ground.Client.PostAsync("/agents", body)).Body!["agentId"]!;

        var agent = (await ground.Client.ReadAsync($"/agents/{id}")).Body!;

        Assert.Equal((id, tenant, "builder", "offline"), ((string?)agent["agentId"], (string?)agent["tenantId"], (string?)agent["name"], (string?)agent["status"]));
        Assert.Equal("""["backup","check"]""", agent["capabilities"]!.ToJsonString());
        Assert.Equal("""{"os":"linux"}""", agent["labels"]!.ToJsonString());
        Assert.Equal("""{"maxConcurrentTasks":3,"typeLimits":{},"cpuQuotaPercent":50,"ioPriority":"low","bandwidthLimitMbps":null,"version":1}""", agent["settings"]!.ToJsonString());
        Assert.DoesNotContain("key", agent.Fields());
    }

    [SuiteTheory]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"a\n"}""", "name")]
    [InlineData("""{"os":null}""", "os")]
    [InlineData("""{"tenantId":"../x"}""", "tenantId")]
    [InlineData("""{"capabilities":["Bad"]}""", "capabilities[0]")]
    [InlineData("""{"capabilities":"noop"}""", "capabilities")]
    [InlineData("""{"labels":{"a":1}}""", "labels.a")]
    [InlineData("""{"agentId":"mine"}""", "agentId")]
    public async Task Register_WrongField_IsRefused(string fields, string path)
    {
        var body = AgentKit.Profile(ground.Name("agent"), null, "noop");
        foreach (var (name, value) in System.Text.Json.Nodes.JsonNode.Parse(fields)!.AsObject())
            body[name] = value?.DeepClone();

        Refused.At(await ground.Client.PostAsync("/agents", body), path);
    }

    [SuiteFact]
    public async Task Register_NameOf100Characters_IsTheLongest()
    {
        var name = ground.Name("agent").PadRight(100, 'n');

        Assert.Equal(201, (int)(await ground.Client.PostAsync("/agents", AgentKit.Profile(name, null, "noop"))).Status);
        Refused.At(await ground.Client.PostAsync("/agents", AgentKit.Profile(name + "n", null, "noop")), "name");
    }
}
