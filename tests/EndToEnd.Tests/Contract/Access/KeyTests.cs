using System.Net;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Access;

public class KeyTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Key_Created_IsShownOnceAndWorks()
    {
        var tenant = await ground.TenantAsync();

        var created = await ground.Client.CallAsync("POST", $"/tenants/{tenant}/keys", """{"name":"ci","role":"developer"}""");
        var listed = await ground.Client.ReadAsync($"/tenants/{tenant}/keys");

        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.Equal(["keyId", "key", "role", "expiresAt", "scopes"], created.Body.Fields());
        Assert.Matches("^hg_[^_]+_.{32,}$", (string)created.Body!["key"]!);
        var key = (string)created.Body["key"]!;
        Assert.DoesNotContain(key.Split('_', 3)[2], listed.Body!.ToJsonString(), StringComparison.Ordinal);
        using var client = ground.NewClient(key);
        Assert.Equal(HttpStatusCode.Accepted, (await client.SubmitAsync(tenant)).Status);
    }

    [SuiteFact]
    public async Task Key_Revoked_StopsAtOnce()
    {
        var tenant = await ground.TenantAsync();
        var created = await ground.Client.CallAsync("POST", $"/tenants/{tenant}/keys", """{"name":"ci","role":"viewer"}""");
        using var client = ground.NewClient((string)created.Body!["key"]!);
        Assert.Equal(HttpStatusCode.OK, (await client.ReadAsync($"/tenants/{tenant}")).Status);

        var revoked = await ground.Client.CallAsync("DELETE", $"/tenants/{tenant}/keys/{created.Body["keyId"]}");
        var again = await ground.Client.CallAsync("DELETE", $"/tenants/{tenant}/keys/{created.Body["keyId"]}");

        Assert.Equal(HttpStatusCode.NoContent, revoked.Status);
        Refused.With(401, "unauthenticated", await client.ReadAsync($"/tenants/{tenant}"));
        Refused.With(404, "key-not-found", again);
    }

    [SuiteTheory]
    [InlineData("""{"name":"","role":"viewer"}""", "name")]
    [InlineData("""{"name":"a\u0007b","role":"viewer"}""", "name")]
    [InlineData("""{"name":"a","role":"agent"}""", "role")]
    [InlineData("""{"name":"a","role":"operator"}""", "role")]
    [InlineData("""{"name":"a","role":"Viewer"}""", "role")]
    [InlineData("""{"name":"a","role":"viewer","expiresAt":"2020-01-01T00:00:00Z"}""", "expiresAt")]
    [InlineData("""{"name":"a","role":"viewer","expiresAt":"2999-01-01T00:00:00"}""", "expiresAt")]
    [InlineData("""{"name":"a","role":"viewer","expiresAt":"2999-01-01"}""", "expiresAt")]
    [InlineData("""{"name":"a","role":"viewer","expiresAt":"tomorrow"}""", "expiresAt")]
    [InlineData("""{"name":"a","role":"viewer","expiresAt":32503680000}""", "expiresAt")]
    [InlineData("""{"name":7,"role":[],"expiresAt":{}}""", "expiresAt", "name", "role")]
    public async Task Key_OfAWrongBody_IsRefusedWithEveryProblem(string body, params string[] paths) =>
        Refused.At(await ground.Client.CallAsync("POST", $"/tenants/{await ground.TenantAsync()}/keys", body), paths);

    [SuiteFact]
    public async Task Key_NameOf100Characters_IsTheLongest()
    {
        var tenant = await ground.TenantAsync();

        Assert.Equal(201, (int)(await ground.Client.CallAsync("POST", $"/tenants/{tenant}/keys", $$"""{"name":"{{new string('n', 100)}}","role":"viewer"}""")).Status);
        Refused.At(await ground.Client.CallAsync("POST", $"/tenants/{tenant}/keys", $$"""{"name":"{{new string('n', 101)}}","role":"viewer"}"""), "name");
    }

    [SuiteTheory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer hg_x_y")]
    [InlineData("Bearer hg__")]
    [InlineData("Bearer hg_{id}_{wrong}")]
    [InlineData("Bearer {id}")]
    [InlineData("Bearer {key} {key}")]
    [InlineData("Basic {key}")]
    [InlineData("{key}")]
    [InlineData("Bearer {key}x")]
    [InlineData("Bearer a.b.c")]
    [InlineData("Bearer ../../!key")]
    public async Task Credentials_ThatAreNone_Are401(string header)
    {
        var tenant = await ground.TenantAsync();
        var created = await ground.Client.CallAsync("POST", $"/tenants/{tenant}/keys", """{"name":"ci","role":"owner"}""");
        using var client = ground.NewClient(null);
        var value = header
            .Replace("{id}", (string)created.Body!["keyId"]!, StringComparison.Ordinal)
            .Replace("{key}", (string)created.Body["key"]!, StringComparison.Ordinal)
            .Replace("{wrong}", new string('a', 43), StringComparison.Ordinal);

        Refused.With(401, "unauthenticated", await client.CallAsync("GET", $"/tenants/{tenant}", null, ("Authorization", value)));
    }

    [SuiteTheory]
    [InlineData("X-Debug-User", "root")]
    [InlineData("X-Debug-Role", "owner")]
    [InlineData("x-ms-client-principal", "eyJ1c2VySWQiOiJyb290IiwidXNlclJvbGVzIjpbImFkbWluIl19")]
    [InlineData("x-ms-client-principal-id", "root")]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("x-functions-key", "{operator}")]
    [InlineData("Cookie", "key={operator}")]
    public async Task Headers_OfADebugDoor_OpenNothing(string name, string value)
    {
        var tenant = await ground.TenantAsync();
        using var nobody = ground.NewClient(null);
        using var viewer = await ground.MemberAsync(tenant, "viewer");
        var header = (name, value.Replace("{operator}", ground.OperatorKey, StringComparison.Ordinal));

        Refused.With(401, "unauthenticated", await nobody.CallAsync("GET", $"/tenants/{tenant}?code={ground.OperatorKey}", null, header));
        Refused.With(403, "insufficient-permission", await viewer.CallAsync("GET", "/queues", null, header));
        Refused.With(403, "insufficient-permission", await viewer.CallAsync("POST", $"/tenants/{tenant}/pause", null, header));
    }

    [SuiteFact]
    public async Task Credentials_SchemeInAnyCase_IsTaken()
    {
        using var client = ground.NewClient(null);

        var reply = await client.CallAsync("GET", "/tenants?limit=1", null, ("Authorization", $"bearer {ground.OperatorKey}"));

        Assert.Equal(HttpStatusCode.OK, reply.Status);
    }

    [SuiteFact]
    public async Task Admin_KeysOfOwners_AreBeyondIt()
    {
        var tenant = await ground.TenantAsync();
        using var admin = await ground.MemberAsync(tenant, "admin");
        var owners = await ground.Client.CallAsync("POST", $"/tenants/{tenant}/keys", """{"name":"o","role":"owner"}""");

        Refused.With(403, "insufficient-permission", await admin.CallAsync("POST", $"/tenants/{tenant}/keys", """{"name":"x","role":"owner"}"""));
        Refused.With(403, "insufficient-permission", await admin.CallAsync("DELETE", $"/tenants/{tenant}/keys/{owners.Body!["keyId"]}"));
        Assert.Equal(201, (int)(await admin.CallAsync("POST", $"/tenants/{tenant}/keys", """{"name":"x","role":"admin"}""")).Status);
    }

    [SuiteFact]
    public async Task AgentKey_OfARemovedAgent_StopsAtOnce()
    {
        var (_, agent) = await ground.TenantWithAgentAsync();
        Assert.Equal(HttpStatusCode.OK, (await agent.BeatAsync()).Status);

        Assert.Equal(HttpStatusCode.NoContent, (await ground.Client.CallAsync("DELETE", $"/agents/{agent.Id}")).Status);

        Refused.With(401, "unauthenticated", await agent.BeatAsync());
        Refused.With(404, "agent-not-found", await ground.Client.ReadAsync($"/agents/{agent.Id}"));
        Refused.With(404, "agent-not-found", await ground.Client.CallAsync("DELETE", $"/agents/{agent.Id}"));
    }
}
