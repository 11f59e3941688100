using System.Net;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Wire;

public class PageTests(ContractHost ground) : IClassFixture<ContractHost>
{
    public static TheoryData<string> Lists { get; } =
        ["/tenants", "/tenants/{t}/runs", "/tenants/{t}/keys", "/tenants/{t}/policies", "/tenants/{t}/resources", "/tenants/{t}/dead-letters", "/tenants/{t}/audit", "/agents", "/agents?tenant={t}"];

    [SuiteTheory, MemberData(nameof(Lists))]
    public async Task List_LimitAndCursorOutsideTheirRange_AreRefusedTogether(string path)
    {
        var list = await ListAsync(path);
        foreach (var limit in new[] { "0", "101", "-1", "1.5", "abc", "", "2147483648", "99999999999999999999", "%2B5", "%205", "0x10" })
            Refused.At(await ground.Client.ReadAsync($"{list}limit={limit}&after=!!"), "after", "limit");
    }

    [SuiteTheory, MemberData(nameof(Lists))]
    public async Task List_LimitInsideItsRange_IsAPage(string path)
    {
        var list = await ListAsync(path);
        foreach (var limit in new[] { "1", "100" })
        {
            var reply = await ground.Client.ReadAsync($"{list}limit={limit}");
            Refused.Not(HttpStatusCode.OK, reply);
            Assert.Equal(["items", "next"], reply.Body.Fields());
        }
    }

    [SuiteTheory, MemberData(nameof(Lists))]
    public async Task List_CursorOfAnotherList_IsRefused(string path)
    {
        await ground.TenantAsync();
        await ground.TenantAsync();
        var foreign = path == "/tenants"
            ? await KeysCursorAsync()
            : (string?)(await ground.Client.ReadAsync("/tenants?limit=1")).Body!["next"];

        var reply = await ground.Client.ReadAsync($"{await ListAsync(path)}after={foreign}");

        Assert.NotNull(foreign);
        Refused.At(reply, "after");
    }

    [SuiteFact]
    public async Task List_CursorForged_GivesNothingOfOthersAndNeverBreaks()
    {
        var (mine, theirs) = (await ground.TenantAsync(), await ground.TenantAsync());
        await ground.MemberAsync(theirs, "viewer");
        await ground.Client.SubmitAsync(theirs);
        foreach (var list in new[] { "runs", "keys", "dead-letters", "audit", "policies", "resources" })
        {
            await ground.MemberAsync(mine, "viewer");
            await ground.MemberAsync(mine, "viewer");
            await ground.Client.SubmitAsync(mine);
            await ground.Client.SubmitAsync(mine);
            var tag = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(list == "runs" ? $"runs:{mine}:" : $"{list}:{mine}"))[..4];
            foreach (var position in new[] { "!", "~", "../x", "a", "zzzz", "!ledger", "\0", "\u00ff", new string('p', 190), "run:", "key:", "" })
            {
                var cursor = System.Buffers.Text.Base64Url.EncodeToString([.. tag, .. System.Text.Encoding.Latin1.GetBytes(position)]);
                var reply = await ground.Client.ReadAsync($"/tenants/{mine}/{list}?after={cursor}");

                Assert.True((int)reply.Status is 200 or 400, $"{list} {position}: {(int)reply.Status} {reply.Body}");
                Assert.DoesNotContain(theirs + "\"", reply.Body!.ToJsonString(), StringComparison.Ordinal);
            }
        }
    }

    [SuiteFact]
    public async Task List_Runs_GivesEveryOneOnceNewestFirst()
    {
        var tenant = await ground.TenantAsync();
        await ground.Client.CallAsync("PATCH", $"/tenants/{tenant}", """{"limits":{"maxConcurrentRuns":100}}""");
        var submitted = new List<string>();
        for (var i = 0; i < 27; i++)
            submitted.Add((await ground.Client.SubmitAsync(tenant)).RunId);

        var pages = await PagesAsync($"/tenants/{tenant}/runs?limit=10");
        var firstByDefault = await ground.Client.ReadAsync($"/tenants/{tenant}/runs");

        Assert.Equal([10, 10, 7], pages.Select(page => page.Count));
        var listed = pages.SelectMany(page => page).ToList();
        Assert.Equal(submitted.Order(StringComparer.Ordinal), listed.Select(run => (string)run!["runId"]!).Order(StringComparer.Ordinal));
        var times = listed.Select(run => run!["createdAt"].Time()).ToList();
        Assert.Equal(times.OrderDescending(), times);
        Assert.Equal(25, firstByDefault.Body!["items"]!.AsArray().Count);
    }

    [SuiteFact]
    public async Task List_RunsByStatus_GivesThoseAlone()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var done = await ground.Client.SubmitAsync(tenant);
        await agent.OutcomeAsync(await agent.ClaimOneAsync());
        await ground.Client.EndAsync(tenant, done.RunId);
        var other = await ground.Client.SubmitAsync(tenant);

        var completed = await ground.Client.ReadAsync($"/tenants/{tenant}/runs?status=completed");
        var failed = await ground.Client.ReadAsync($"/tenants/{tenant}/runs?status=failed");

        Assert.Equal([done.RunId], completed.Body!["items"]!.AsArray().Select(run => (string)run!["runId"]!));
        Assert.Empty(failed.Body!["items"]!.AsArray());
        Assert.NotEqual(done.RunId, other.RunId);
        Refused.At(await ground.Client.ReadAsync($"/tenants/{tenant}/runs?status=done"), "status");
        Refused.At(await ground.Client.ReadAsync($"/tenants/{tenant}/runs?status=Completed"), "status");
        Refused.At(await ground.Client.ReadAsync($"/tenants/{tenant}/runs?status="), "status");
    }

    [SuiteFact]
    public async Task List_CursorOfAnotherFilter_IsRefused()
    {
        var tenant = await ground.TenantAsync();
        await ground.Client.SubmitAsync(tenant);
        await ground.Client.SubmitAsync(tenant);
        var next = (string?)(await ground.Client.ReadAsync($"/tenants/{tenant}/runs?limit=1")).Body!["next"];

        Refused.At(await ground.Client.ReadAsync($"/tenants/{tenant}/runs?status=failed&after={next}"), "after");
        Refused.At(await ground.Client.ReadAsync($"/tenants/{await ground.TenantAsync()}/runs?after={next}"), "after");
    }

    [SuiteFact]
    public async Task List_Agents_GivesEveryOneOnce()
    {
        var tenant = await ground.TenantAsync();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
            ids.Add((await ground.AgentAsync(tenant)).Id);

        var pages = await PagesAsync($"/agents?tenant={tenant}&limit=2");

        Assert.Equal(ids.Order(StringComparer.Ordinal), pages.SelectMany(page => page).Select(agent => (string)agent!["agentId"]!).Order(StringComparer.Ordinal));
    }

    [SuiteFact]
    public async Task List_KeysAndPolicies_GoOnWhereTheyStopped()
    {
        var tenant = await ground.TenantAsync();
        foreach (var name in new[] { "p1", "p2", "p3" })
        {
            await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/policies/{name}", "{}");
            await ground.MemberAsync(tenant, "viewer");
        }

        Assert.Equal(3, (await PagesAsync($"/tenants/{tenant}/keys?limit=1")).SelectMany(page => page).Select(key => (string)key!["keyId"]!).Distinct().Count());
        var policies = (await PagesAsync($"/tenants/{tenant}/policies?limit=1")).SelectMany(page => page).Select(policy => (string)policy!["name"]!).ToList();
        Assert.Equal(policies.Count, policies.Distinct().Count());
        Assert.Empty(new[] { "p1", "p2", "p3" }.Except(policies));
    }

    private async Task<List<JsonArray>> PagesAsync(string path)
    {
        var pages = new List<JsonArray>();
        string? next = null;
        do
        {
            var reply = await ground.Client.ReadAsync(next is null ? path : $"{path}&after={next}");
            Refused.Not(HttpStatusCode.OK, reply);
            pages.Add(reply.Body!["items"]!.AsArray());
            next = (string?)reply.Body["next"];
        }
        while (next is not null && pages.Count < 100);
        return pages;
    }

    private async Task<string?> KeysCursorAsync()
    {
        var tenant = await ground.TenantAsync();
        await ground.MemberAsync(tenant, "viewer");
        await ground.MemberAsync(tenant, "viewer");
        return (string?)(await ground.Client.ReadAsync($"/tenants/{tenant}/keys?limit=1")).Body!["next"];
    }

    private async Task<string> ListAsync(string path) =>
        path.Replace("{t}", await ground.TenantAsync(), StringComparison.Ordinal) + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?");
}
