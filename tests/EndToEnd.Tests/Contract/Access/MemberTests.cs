using System.Net;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Access;

/// <summary>Persons of a tenant: who may add, change and remove whom, and what always stays.</summary>
public class MemberTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Member_AddedChangedRemoved_IsListedAndAudited()
    {
        var tenant = await ground.TenantAsync();

        var added = await PutAsync(ground.Client, tenant, "auth0|ada", """{"role":"owner","name":"Ada"}""");
        var same = await PutAsync(ground.Client, tenant, "auth0|ada", """{"role":"owner","name":"Ada"}""");
        await PutAsync(ground.Client, tenant, "b@example.org", """{"role":"viewer"}""");
        var changed = await PutAsync(ground.Client, tenant, "b@example.org", """{"role":"developer"}""");
        var read = await ground.Client.ReadAsync($"/tenants/{tenant}/members/auth0%7Cada");
        var page = await ground.Client.ReadAsync($"/tenants/{tenant}/members?limit=1");
        var rest = await ground.Client.ReadAsync($"/tenants/{tenant}/members?limit=1&after={page.Body!["next"]}");
        var removed = await ground.Client.CallAsync("DELETE", $"/tenants/{tenant}/members/b@example.org");

        Assert.Equal((201, 200, 200, 204), ((int)added.Status, (int)same.Status, (int)changed.Status, (int)removed.Status));
        Assert.Equal($"/tenants/{tenant}/members/auth0%7Cada", added.Header("Location"));
        Assert.Equal(["subject", "role", "name", "addedAt"], read.Done.Fields());
        Assert.Equal(added.Body!.ToJsonString(), read.Body!.ToJsonString());
        Assert.Equal(["auth0|ada", "b@example.org"], new[] { page, rest }.Select(one => (string?)one.Body!["items"]!.AsArray().Single()!["subject"]));
        Assert.Equal("developer", (string?)rest.Body!["items"]![0]!["role"]);
        Refused.With(404, "member-not-found", await ground.Client.ReadAsync($"/tenants/{tenant}/members/b@example.org"));
        Refused.With(404, "member-not-found", await ground.Client.CallAsync("DELETE", $"/tenants/{tenant}/members/b@example.org"));
        var audit = (await ground.Client.ReadAsync($"/tenants/{tenant}/audit")).Body!["items"]!.AsArray().Select(item => $"{item!["action"]} {item["target"]} {item["reason"]}");
        Assert.Equal(
            ["member.removed b@example.org developer", "member.changed b@example.org developer", "member.added b@example.org viewer", "member.added auth0|ada owner"],
            audit.Where(line => line.StartsWith("member.", StringComparison.Ordinal)));
    }

    [SuiteFact]
    public async Task LastOwner_OfPersons_CanNeitherLeaveNorBeDemoted()
    {
        var tenant = await ground.TenantAsync();
        await PutAsync(ground.Client, tenant, "ada", """{"role":"owner"}""");

        Refused.Exactly(409, """{"error":"The last owner can't be removed or demoted","code":"last-owner","subject":"ada"}""", await PutAsync(ground.Client, tenant, "ada", """{"role":"admin"}"""));
        Refused.With(409, "last-owner", await ground.Client.CallAsync("DELETE", $"/tenants/{tenant}/members/ada"));
        await PutAsync(ground.Client, tenant, "ben", """{"role":"owner"}""");
        Assert.Equal(HttpStatusCode.NoContent, (await ground.Client.CallAsync("DELETE", $"/tenants/{tenant}/members/ada")).Status);
    }

    [SuiteFact]
    public async Task LastTwoOwners_RemovedAtOnce_OneStays()
    {
        for (var round = 0; round < 10; round++)
        {
            var tenant = await ground.TenantAsync();
            await PutAsync(ground.Client, tenant, "ada", """{"role":"owner"}""");
            await PutAsync(ground.Client, tenant, "ben", """{"role":"owner"}""");

            var replies = await Task.WhenAll(
                ground.Client.CallAsync("DELETE", $"/tenants/{tenant}/members/ada"),
                PutAsync(ground.Client, tenant, "ben", """{"role":"viewer"}"""));

            Assert.Single(replies, reply => reply.Message.IsSuccessStatusCode);
            Refused.With(409, "last-owner", replies.Single(reply => !reply.Message.IsSuccessStatusCode));
            var owners = (await ground.Client.ReadAsync($"/tenants/{tenant}/members")).Body!["items"]!.AsArray().Count(item => (string)item!["role"]! == "owner");
            Assert.Equal(1, owners);
        }
    }

    [SuiteFact]
    public async Task Member_AboveTheCallersRole_IsBeyondIt()
    {
        var tenant = await ground.TenantAsync();
        using var admin = await ground.MemberAsync(tenant, "admin");
        using var owner = await ground.MemberAsync(tenant, "owner");
        await PutAsync(ground.Client, tenant, "ada", """{"role":"owner"}""");
        await PutAsync(ground.Client, tenant, "eve", """{"role":"owner"}""");

        Refused.With(403, "insufficient-permission", await PutAsync(admin, tenant, "ben", """{"role":"owner"}"""));
        Refused.With(403, "insufficient-permission", await PutAsync(admin, tenant, "ada", """{"role":"owner","name":"x"}"""));
        Refused.With(403, "insufficient-permission", await admin.CallAsync("DELETE", $"/tenants/{tenant}/members/ada"));
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(admin, tenant, "ben", """{"role":"admin"}""")).Status);
        var demoting = await PutAsync(admin, tenant, "ben", """{"role":"viewer"}""");
        Refused.With(403, "insufficient-permission", demoting);
        Assert.Equal("member:update_role", (string?)demoting.Body!["requiredAction"]);
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(admin, tenant, "ben", """{"role":"admin","name":"Ben"}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(owner, tenant, "ben", """{"role":"viewer"}""")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await owner.CallAsync("DELETE", $"/tenants/{tenant}/members/ada")).Status);
    }

    [SuiteTheory]
    [InlineData("free", null, 3)]
    [InlineData("free", """{"maxMembers":1}""", 1)]
    public async Task Members_OverThePlansNumber_AreRefusedAlsoByTwoAtOnce(string plan, string? limits, int most)
    {
        var tenant = await ground.TenantAsync(plan, limits);

        var replies = await Task.WhenAll(Enumerable.Range(0, most + 3).Select(i => PutAsync(ground.Client, tenant, $"p{i}", """{"role":"viewer"}""")));

        Assert.Equal(most, replies.Count(reply => reply.Status == HttpStatusCode.Created));
        Assert.All(replies.Where(reply => reply.Status != HttpStatusCode.Created), reply => Refused.Exactly(
            409,
            $$"""{"error":"Plan limit exceeded","code":"member-limit","reason":"Member limit reached ({{most}} members on Free plan)","currentUsage":{{most}},"limit":{{most}},"plan":"free"}""",
            reply));
    }

    [SuiteTheory]
    [InlineData("""{}""", "role")]
    [InlineData("""{"role":"god","name":"","x":1}""", "name", "role", "x")]
    public async Task Member_OfAWrongBody_IsRefusedWithEveryProblem(string body, params string[] paths) =>
        Refused.At(await PutAsync(ground.Client, await ground.TenantAsync(), "ada", body), paths);

    [SuiteTheory]
    [InlineData("a%20b")]
    [InlineData("a%23b")]
    [InlineData("a%3Fb")]
    [InlineData("%C3%A9")]
    public async Task Member_OfANameThatNoneCanHave_IsNotFound(string subject) =>
        Refused.With(404, "member-not-found", await PutAsync(ground.Client, await ground.TenantAsync(), subject, """{"role":"viewer"}"""));

    private static Task<Reply> PutAsync(HttpClient client, string tenant, string subject, string body) =>
        client.CallAsync("PUT", $"/tenants/{tenant}/members/{Uri.EscapeDataString(Uri.UnescapeDataString(subject))}", body);
}
