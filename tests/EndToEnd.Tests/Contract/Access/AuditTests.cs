using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.Functions.Security.Audit;

namespace Headgate.EndToEnd.Tests.Contract.Access;

/// <summary>What stands in an audit, and what does not because nothing was changed.</summary>
public class AuditTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Audit_OfEveryCallThatWrites_SpeaksOneVocabulary()
    {
        var tenant = await ground.TenantAsync();
        var key = (string)(await ground.Client.PostAsync($"/tenants/{tenant}/keys", new JsonObject { ["name"] = "k", ["role"] = "viewer" })).Body!["keyId"]!;
        var agent = await ground.AgentAsync(tenant);
        var run = (await ground.Client.SubmitAsync(tenant)).RunId;
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var failing = (await ground.Client.SubmitAsync(tenant, RunKit.With("""{"maxRetries":0}"""))).RunId;
            JsonNode task;
            while ((string)(task = await agent.ClaimOneAsync())["runId"]! != failing)
                await agent.OutcomeAsync(task);
            await agent.OutcomeAsync(task, "failure", "permission denied");
            await ground.Client.UntilAsync(tenant, failing, found => (string)found["status"]! == "failed");
        }

        var letters = (await ground.Client.ReadAsync($"/tenants/{tenant}/dead-letters")).Body!["items"]!.AsArray().Select(letter => (string)letter!["id"]!).ToList();
        foreach (var session in new[] { "one", "other" })
            await agent.Client.CallAsync("POST", $"/agents/{agent.Id}/heartbeat", $$"""{"version":"1","os":"linux","uptimeSeconds":1,"session":"{{session}}"}""", ("Headgate-Session", session));
        (string Method, string Path, string? Body)[] calls =
        [
            ("PATCH", $"/tenants/{tenant}", """{"name":"Other"}"""),
            ("PUT", $"/tenants/{tenant}/policies/p", "{}"),
            ("DELETE", $"/tenants/{tenant}/policies/p", null),
            ("PUT", $"/tenants/{tenant}/schedules/s", """{"everySeconds":86400,"run":{"name":"n","tasks":[{"name":"a","type":"never"}]}}"""),
            ("DELETE", $"/tenants/{tenant}/schedules/s", null),
            ("PUT", $"/tenants/{tenant}/resources/r", "{}"),
            ("POST", $"/tenants/{tenant}/resources/r/hold", """{"reason":"r"}"""),
            ("POST", $"/tenants/{tenant}/resources/r/release", null),
            ("POST", $"/tenants/{tenant}/keys/{key}/rotate", """{"overlapSeconds":0}"""),
            ("DELETE", $"/tenants/{tenant}/keys/{key}", null),
            ("PUT", $"/tenants/{tenant}/members/ada", """{"role":"viewer"}"""),
            ("PUT", $"/tenants/{tenant}/members/ada", """{"role":"admin"}"""),
            ("DELETE", $"/tenants/{tenant}/members/ada", null),
            ("POST", $"/tenants/{tenant}/dead-letters/{letters[0]}/replay", null),
            ("DELETE", $"/tenants/{tenant}/dead-letters/{letters[1]}", null),
            ("POST", "/a2a/foreman", $$"""{"tenantId":"{{tenant}}","runType":"noop"}"""),
            ("POST", $"/tenants/{tenant}/runs/{(await ground.Client.SubmitAsync(tenant, RunKit.With("""{"type":"never"}"""))).RunId}/cancel", null),
            ("POST", $"/agents/{agent.Id}/drain", null),
            ("POST", $"/agents/{agent.Id}/undrain", null),
            ("POST", $"/agents/{agent.Id}/quarantine", """{"reason":"r"}"""),
            ("POST", $"/agents/{agent.Id}/release", null),
            ("DELETE", $"/agents/{agent.Id}", null),
            ("POST", $"/tenants/{tenant}/pause", null),
            ("POST", $"/tenants/{tenant}/resume", null),
            ("POST", $"/tenants/{tenant}/suspend", """{"reason":"r"}"""),
            ("POST", $"/tenants/{tenant}/activate", """{"reason":"r"}"""),
            ("POST", $"/tenants/{tenant}/deactivate", """{"reason":"r"}"""),
            ("DELETE", $"/tenants/{tenant}", $$"""{"confirm":"{{tenant}}"}"""),
        ];
        foreach (var (method, path, body) in calls)
            Assert.InRange((int)(await ground.Client.CallAsync(method, path, body)).Status, 200, 204);

        Assert.NotEmpty(run);
        // Another process follows one that fell silent, and rows are removed after days: both take time. Alerts are no tenant's.
        Assert.Equal(AuditActions.WireNames.Except(["agent.followed", "tenant.removed", "alert.silenced", "alert.unsilenced", "messages.resent"]).Order(StringComparer.Ordinal), (await ActionsAsync(tenant)).Distinct().Order(StringComparer.Ordinal));
    }

    [SuiteFact]
    public async Task Call_ThatFindsEverythingAsItWantsIt_WritesAndAuditsNothing()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        (string Method, string Path, string Body)[] calls =
        [
            ("PATCH", $"/tenants/{tenant}", """{"name":"Same","plan":"pro","limits":{"maxConcurrentRuns":7,"maxMembers":null}}"""),
            ("PATCH", $"/agents/{agent.Id}/settings", """{"typeLimits":{"a":1,"b":2},"maxConcurrentTasks":9,"bandwidthLimitMbps":null}"""),
            ("PUT", $"/tenants/{tenant}/policies/p", """{"maxRetries":7,"factor":2.0}"""),
            ("PUT", $"/tenants/{tenant}/schedules/s", """{"cron":"0 3 1 1 *","timeZone":"Europe/Berlin","run":{"name":"n","tasks":[{"name":"a","type":"never","payload":{"x":1}}],"metadata":{"m":[1]}}}"""),
        ];
        foreach (var (method, path, body) in calls)
        {
            var first = await ground.Client.CallAsync(method, path, body);
            var before = (await ActionsAsync(tenant)).Length;

            var again = await ground.Client.CallAsync(method, path, body);

            Assert.InRange((int)again.Status, 200, 202);
            Assert.Equal(before, (await ActionsAsync(tenant)).Length);
            Assert.Equal((first.Body!.ToJsonString(), first.Header("ETag")), (again.Body!.ToJsonString(), again.Header("ETag")));
        }

        var reordered = await ground.Client.CallAsync("PATCH", $"/agents/{agent.Id}/settings", """{"typeLimits":{"b":2,"a":1}}""");
        Assert.Equal((int)(await ground.Client.ReadAsync($"/agents/{agent.Id}")).Body!["settings"]!["version"]!, (int)reordered.Body!["version"]!);
        Assert.Equal(3, (int)reordered.Body["version"]!);
    }

    /// <summary>Of an answer that was lost nobody knows whether it left a row.</summary>
    [SuiteFact]
    public async Task Call_SentAgain_IsAuditedAgain()
    {
        var tenant = await ground.TenantAsync();
        var run = (await ground.Client.SubmitAsync(tenant, RunKit.With("""{"type":"never"}"""))).RunId;
        (string Path, string Body)[] calls =
        [
            ("/agents", AgentKit.Profile("same", tenant, "noop", "other").ToJsonString()),
            ($"/tenants/{tenant}/runs/{run}/cancel", "{}"),
            ("/a2a/foreman", $$"""{"tenantId":"{{tenant}}","runType":"noop","runId":"mine"}"""),
        ];
        foreach (var (path, body) in calls)
        {
            var first = await ground.Client.CallAsync("POST", path, body);
            var before = (await ActionsAsync(tenant)).Length;

            var again = await ground.Client.CallAsync("POST", path, body);

            Assert.InRange((int)first.Status, 200, 202);
            Assert.InRange((int)again.Status, 200, 202);
            Assert.Equal(before + 1, (await ActionsAsync(tenant)).Length);
        }
    }

    [SuiteTheory]
    [InlineData("""{"name":"Same"}""", """{"name":"Other"}""")]
    [InlineData("""{"limits":{"maxConcurrentRuns":7}}""", """{"limits":{"maxConcurrentRuns":null}}""")]
    public async Task Update_ThatChangesSomething_IsAuditedEachTime(string one, string other)
    {
        var tenant = await ground.TenantAsync();

        foreach (var body in new[] { one, other, one })
            await ground.Client.CallAsync("PATCH", $"/tenants/{tenant}", body);

        Assert.Equal(3, (await ActionsAsync(tenant)).Count(action => action == "tenant.updated"));
    }

    private async Task<string[]> ActionsAsync(string tenant) =>
        [.. (await ground.Client.ReadAsync($"/tenants/{tenant}/audit?limit=100")).Body!["items"]!.AsArray().Select(item => (string)item!["action"]!)];
}
