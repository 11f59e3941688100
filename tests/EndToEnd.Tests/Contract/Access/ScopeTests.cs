using System.Net;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Access;

/// <summary>Keys that may do less than their role, and who calls.</summary>
public class ScopeTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Key_WithScopes_MayDoThoseAlone()
    {
        var tenant = await ground.TenantAsync();
        using var reader = await KeyAsync(tenant, "owner", "run:read", "tenant:read");

        Assert.Equal(HttpStatusCode.OK, (await reader.ReadAsync($"/tenants/{tenant}/runs")).Status);
        Assert.Equal(HttpStatusCode.OK, (await reader.ReadAsync($"/tenants/{tenant}")).Status);
        foreach (var (method, path) in new[] { ("POST", "runs"), ("GET", "keys"), ("POST", "pause"), ("GET", "audit"), ("GET", "policies") })
        {
            var reply = await reader.CallAsync(method, $"/tenants/{tenant}/{path}");
            Refused.With(403, "insufficient-permission", reply);
            Assert.Equal("owner", (string?)reply.Body!["userRole"]);
        }

        var listed = (await ground.Client.ReadAsync($"/tenants/{tenant}/keys")).Body!["items"]![0]!;
        Assert.Equal("""["tenant:read","run:read"]""", listed["scopes"]!.ToJsonString());
    }

    [SuiteTheory]
    [InlineData("viewer", """["run:create"]""", "scopes[0]", "is no permission of the role viewer")]
    [InlineData("owner", """["run:reed"]""", "scopes[0]", "is no permission; did you mean 'run:read'?")]
    [InlineData("owner", """["platform:operate"]""", "scopes[0]", "is no permission of the role owner")]
    [InlineData("owner", """["run:read","run:read"]""", "scopes[1]", "is given twice")]
    [InlineData("owner", """[7]""", "scopes[0]", "must be a string")]
    [InlineData("owner", """[]""", "scopes", "must have 1..29 items, not 0")]
    [InlineData("owner", "\"run:read\"", "scopes", "must be an array")]
    public async Task Key_OfWrongScopes_IsRefused(string role, string scopes, string path, string message)
    {
        var reply = await ground.Client.CallAsync("POST", $"/tenants/{await ground.TenantAsync()}/keys", $$"""{"name":"k","role":"{{role}}","scopes":{{scopes}}}""");

        Refused.At(reply, path);
        Assert.Equal(message, Refused.Message(reply, path));
    }

    [SuiteFact]
    public async Task Key_OfWrongScopes_IsRefusedWithEveryProblem() =>
        Refused.At(
            await ground.Client.CallAsync("POST", $"/tenants/{await ground.TenantAsync()}/keys", """{"role":"viewer","scopes":["run:read","run:create","nothing",null]}"""),
            "name", "scopes[1]", "scopes[2]", "scopes[3]");

    [SuiteFact]
    public async Task Key_WithScopes_GivesNoMoreThanItHas()
    {
        var tenant = await ground.TenantAsync();
        using var maker = await KeyAsync(tenant, "admin", "key:create", "key:rotate", "key:read", "run:read");
        var admin = await ground.Client.CallAsync("POST", $"/tenants/{tenant}/keys", """{"name":"a","role":"admin"}""");

        var whole = await maker.CallAsync("POST", $"/tenants/{tenant}/keys", """{"name":"k","role":"viewer"}""");
        var rotated = await maker.CallAsync("POST", $"/tenants/{tenant}/keys/{admin.Body!["keyId"]}/rotate", """{"overlapSeconds":0}""");

        Refused.With(403, "insufficient-permission", whole);
        Refused.With(403, "insufficient-permission", rotated);
        Assert.Equal("tenant:read", (string?)whole.Body!["requiredAction"]);
        Assert.Equal(201, (int)(await maker.CallAsync("POST", $"/tenants/{tenant}/keys", """{"name":"k","role":"viewer","scopes":["run:read"]}""")).Status);
    }

    [SuiteFact]
    public async Task Key_WithScopes_MakesNoMemberThatMayMoreThanItself()
    {
        var tenant = await ground.TenantAsync();
        using var maker = await KeyAsync(tenant, "owner", "member:invite", "member:update_role");
        using var whole = await ground.MemberAsync(tenant, "owner");

        var made = await maker.CallAsync("PUT", $"/tenants/{tenant}/members/ada", """{"role":"owner"}""");
        Assert.Equal(201, (int)(await whole.CallAsync("PUT", $"/tenants/{tenant}/members/ben", """{"role":"viewer"}""")).Status);
        var raised = await maker.CallAsync("PUT", $"/tenants/{tenant}/members/ben", """{"role":"developer"}""");

        Refused.With(403, "insufficient-permission", made);
        Refused.With(403, "insufficient-permission", raised);
        Assert.Equal(("tenant:read", "owner"), ((string?)made.Body!["requiredAction"], (string?)made.Body["role"]));
        Refused.With(404, "member-not-found", await whole.ReadAsync($"/tenants/{tenant}/members/ada"));
        Refused.Not(HttpStatusCode.OK, await maker.CallAsync("PUT", $"/tenants/{tenant}/members/ben", """{"role":"viewer","name":"Ben"}"""));
    }

    [SuiteFact]
    public async Task Me_OfEachKind_TellsWhoCallsAndWhatTheyMay()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        using var scoped = await KeyAsync(tenant, "developer", "run:create");
        using var viewer = await ground.MemberAsync(tenant, "viewer");
        using var nobody = ground.NewClient(null);
        var expiring = await ground.Client.CallAsync("POST", $"/tenants/{tenant}/keys", """{"name":"k","role":"viewer","expiresAt":"2999-01-01T00:00:00Z"}""");
        using var leaving = ground.NewClient((string)expiring.Body!["key"]!);

        var mine = (await scoped.ReadAsync("/me")).Done;
        Assert.Equal(["kind", "subject", "tenantId", "role", "permissions", "expiresAt"], mine.Fields());
        Assert.Equal(("member", tenant, "developer"), ((string?)mine["kind"], (string?)mine["tenantId"], (string?)mine["role"]));
        Assert.Equal("""["run:create"]""", mine["permissions"]!.ToJsonString());
        Assert.Equal("""["tenant:read","repo:read","run:read","settings:read","deadletter:read"]""", (await viewer.ReadAsync("/me")).Done["permissions"]!.ToJsonString());
        Assert.Equal("2999-01-01T00:00:00.000Z", (string?)(await leaving.ReadAsync("/me")).Done["expiresAt"]);
        var operators = (await ground.Client.ReadAsync("/me")).Done;
        Assert.Equal(("operator", null), ((string?)operators["kind"], (string?)operators["tenantId"]));
        Assert.Contains("platform:operate", operators["permissions"]!.AsArray().Select(name => (string)name!));
        var agents = (await agent.Client.ReadAsync("/me")).Done;
        Assert.Equal(("agent", agent.Id, tenant, "[]"), ((string?)agents["kind"], (string?)agents["subject"], (string?)agents["tenantId"], agents["permissions"]!.ToJsonString()));
        Refused.With(401, "unauthenticated", await nobody.ReadAsync("/me"));
        Refused.With(404, "tenant-not-found", await viewer.ReadAsync($"/me?tenant={await ground.TenantAsync()}"));
        Assert.Equal(tenant, (string?)(await viewer.ReadAsync($"/me?tenant={tenant}")).Done["tenantId"]);
        Refused.At(await viewer.ReadAsync("/me?tenant=A"), "tenant");
    }

    private async Task<HttpClient> KeyAsync(string tenant, string role, params string[] scopes)
    {
        var reply = await ground.Client.PostAsync($"/tenants/{tenant}/keys", new JsonObject { ["name"] = "k", ["role"] = role, ["scopes"] = new JsonArray([.. scopes.Select(scope => JsonValue.Create(scope))]) });
        Refused.Not(HttpStatusCode.Created, reply);
        return ground.NewClient((string)reply.Body!["key"]!);
    }
}
