using System.Net;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Access;

/// <summary>A key's successor, and calls that make keys sent again.</summary>
public class RotationTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Rotate_WithoutOverlap_TheOldOneIsDeadAndTheNewOneTheSame()
    {
        var tenant = await ground.TenantAsync();
        var old = await KeyAsync(tenant, """{"name":"ci","role":"developer","scopes":["run:read"]}""");
        using var before = ground.NewClient((string)old["key"]!);
        Assert.Equal(HttpStatusCode.OK, (await before.ReadAsync($"/tenants/{tenant}/runs")).Status);

        var made = await RotateAsync(ground.Client, tenant, (string)old["keyId"]!, 0);
        using var after = ground.NewClient((string)made.Done["key"]!);

        Assert.Equal($"/tenants/{tenant}/keys/{made.Body!["keyId"]}", made.Header("Location"));
        Assert.Equal(("developer", """["run:read"]"""), ((string?)made.Body["role"], made.Body["scopes"]!.ToJsonString()));
        Refused.With(401, "unauthenticated", await before.ReadAsync($"/tenants/{tenant}/runs"));
        Assert.Equal(HttpStatusCode.OK, (await after.ReadAsync($"/tenants/{tenant}/runs")).Status);
        Refused.With(403, "insufficient-permission", await after.ReadAsync($"/tenants/{tenant}"));
        var items = (await ground.Client.ReadAsync($"/tenants/{tenant}/keys")).Body!["items"]!.AsArray();
        Assert.Equal((string?)made.Body["keyId"], (string?)items.Single(item => (string)item!["keyId"]! == (string)old["keyId"]!)!["replacedBy"]);
        Assert.All(items, item => Assert.Equal("ci", (string?)item!["name"]));
    }

    [SuiteFact]
    public async Task Rotate_WithOverlap_BothWork()
    {
        var tenant = await ground.TenantAsync();
        var old = await KeyAsync(tenant, """{"name":"ci","role":"admin"}""");
        using var before = ground.NewClient((string)old["key"]!);

        var made = await RotateAsync(before, tenant, (string)old["keyId"]!, 604_800);
        using var after = ground.NewClient((string)made.Done["key"]!);

        Assert.Equal(HttpStatusCode.OK, (await before.ReadAsync($"/tenants/{tenant}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await after.ReadAsync($"/tenants/{tenant}")).Status);
        Assert.NotNull((await before.ReadAsync("/me")).Done["expiresAt"]);
        Assert.Null((await after.ReadAsync("/me")).Done["expiresAt"]);
    }

    [SuiteFact]
    public async Task Rotate_KeyThatExpiresSooner_KeepsItsEnd()
    {
        var tenant = await ground.TenantAsync();
        var expires = DateTimeOffset.UtcNow.AddHours(1).ToString("yyyy-MM-ddTHH:mm:ss.000Z");
        var old = await KeyAsync(tenant, $$"""{"name":"ci","role":"admin","expiresAt":"{{expires}}"}""");

        var made = await RotateAsync(ground.Client, tenant, (string)old["keyId"]!, 604_800);

        var items = (await ground.Client.ReadAsync($"/tenants/{tenant}/keys")).Body!["items"]!.AsArray();
        Assert.Equal(expires, (string?)items.Single(item => (string)item!["keyId"]! == (string)old["keyId"]!)!["expiresAt"]);
        Assert.True(made.Done["expiresAt"].Time() >= DateTimeOffset.Parse(expires));
    }

    [SuiteFact]
    public async Task Rotate_Again_IsRefusedWithTheSuccessor()
    {
        var tenant = await ground.TenantAsync();
        var old = await KeyAsync(tenant, """{"name":"ci","role":"admin"}""");
        var made = await RotateAsync(ground.Client, tenant, (string)old["keyId"]!, 60);

        var again = await RotateAsync(ground.Client, tenant, (string)old["keyId"]!, 60);

        Refused.With(409, "key-rotated", again);
        Assert.Equal((string?)made.Body!["keyId"], (string?)again.Body!["replacedBy"]);
        Refused.With(404, "key-not-found", await RotateAsync(ground.Client, tenant, "none", 60));
    }

    [SuiteTheory]
    [InlineData("""{}""", "overlapSeconds")]
    [InlineData("""{"overlapSeconds":-1}""", "overlapSeconds")]
    [InlineData("""{"overlapSeconds":604801,"x":1}""", "overlapSeconds", "x")]
    public async Task Rotate_WrongBody_IsRefusedWithEveryProblem(string body, params string[] paths)
    {
        var tenant = await ground.TenantAsync();
        var old = await KeyAsync(tenant, """{"name":"ci","role":"admin"}""");

        Refused.At(await ground.Client.CallAsync("POST", $"/tenants/{tenant}/keys/{old["keyId"]}/rotate", body), paths);
    }

    [SuiteFact]
    public async Task Rotate_KeyOfAHigherRole_IsRefused()
    {
        var tenant = await ground.TenantAsync();
        using var admin = await ground.MemberAsync(tenant, "admin");
        var owners = await KeyAsync(tenant, """{"name":"o","role":"owner"}""");

        Refused.With(403, "insufficient-permission", await RotateAsync(admin, tenant, (string)owners["keyId"]!, 0));
    }

    [SuiteFact]
    public async Task RotateAndCreate_SentAgainWithOneIdempotencyKey_AreAnsweredByteForByteAndDoneOnce()
    {
        var tenant = await ground.TenantAsync();
        var old = await KeyAsync(tenant, """{"name":"ci","role":"viewer"}""");
        foreach (var (path, body) in new[] { ($"/tenants/{tenant}/keys/{old["keyId"]}/rotate", """{"overlapSeconds":600}"""), ($"/tenants/{tenant}/keys", """{"name":"n","role":"viewer"}""") })
        {
            var count = await CountAsync(tenant);
            var replies = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ground.Client.CallAsync("POST", path, body, ("Idempotency-Key", "one"))));

            Assert.All(replies, reply => Refused.Not(HttpStatusCode.Created, reply));
            Assert.Single(replies.Select(reply => reply.Message.Content.ReadAsStringAsync().Result).Distinct());
            Assert.Equal(4, replies.Count(reply => reply.Header("Idempotency-Replayed") == "true"));
            Assert.Equal(count + 1, await CountAsync(tenant));
            using var client = ground.NewClient((string)replies[0].Body!["key"]!);
            Assert.Equal(HttpStatusCode.OK, (await client.ReadAsync($"/tenants/{tenant}")).Status);
            Refused.With(422, "idempotency-mismatch", await ground.Client.CallAsync("POST", path, body + " ", ("Idempotency-Key", "one")));
        }
    }

    [SuiteFact]
    public async Task Create_SentAgainByAnotherCaller_ShowsNoKey()
    {
        var tenant = await ground.TenantAsync();
        using var other = await ground.MemberAsync(tenant, "owner");
        const string Body = """{"name":"n","role":"viewer"}""";
        var made = await ground.Client.CallAsync("POST", $"/tenants/{tenant}/keys", Body, ("Idempotency-Key", "one"));

        var reply = await other.CallAsync("POST", $"/tenants/{tenant}/keys", Body, ("Idempotency-Key", "one"));

        Refused.With(409, "key-not-shown", reply);
        Assert.Equal((string?)made.Body!["keyId"], (string?)reply.Body!["keyId"]);
    }

    [SuiteFact]
    public async Task Key_ThatWasUsed_IsListedWithTheTime()
    {
        var tenant = await ground.TenantAsync();
        using var member = await ground.MemberAsync(tenant, "viewer");
        Assert.Null((await ground.Client.ReadAsync($"/tenants/{tenant}/keys")).Body!["items"]![0]!["lastUsedAt"]);

        await member.ReadAsync($"/tenants/{tenant}");

        var listed = await Again.UntilAsync(() => ground.Client.ReadAsync($"/tenants/{tenant}/keys"), reply => reply.Body!["items"]![0]!["lastUsedAt"] is not null);
        Assert.InRange(listed.Body!["items"]![0]!["lastUsedAt"].Time(), DateTimeOffset.UtcNow.AddMinutes(-10), DateTimeOffset.UtcNow.AddMinutes(1));
    }

    [SuiteFact]
    public async Task Keys_AtTheLimit_AnExpiredOneMakesRoom()
    {
        var tenant = await ground.TenantAsync();
        var soon = DateTimeOffset.UtcNow.AddSeconds(2);
        await KeyAsync(tenant, $$"""{"name":"short","role":"viewer","expiresAt":"{{soon:yyyy-MM-ddTHH:mm:ss.fffZ}}"}""");
        for (var i = 1; i < 100; i++)
            await KeyAsync(tenant, """{"name":"k","role":"viewer"}""");

        var reply = await Again.UntilAsync(() => UntilAfterAsync(soon, tenant), reply => reply.Status == HttpStatusCode.Created);

        Refused.Not(HttpStatusCode.Created, reply);
        Refused.With(409, "key-limit", await ground.Client.CallAsync("POST", $"/tenants/{tenant}/keys", """{"name":"k","role":"viewer"}"""));
        Assert.Equal(100, await CountAsync(tenant));
    }

    private async Task<Reply> UntilAfterAsync(DateTimeOffset time, string tenant)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (DateTimeOffset.UtcNow < time)
            await pause.WaitForNextTickAsync();
        return await ground.Client.CallAsync("POST", $"/tenants/{tenant}/keys", """{"name":"k","role":"viewer"}""");
    }

    private async Task<int> CountAsync(string tenant) => (await ground.Client.ReadAsync($"/tenants/{tenant}/keys?limit=100")).Done["items"]!.AsArray().Count;

    private async Task<JsonNode> KeyAsync(string tenant, string body) => (await ground.Client.CallAsync("POST", $"/tenants/{tenant}/keys", body)).Done;

    private static Task<Reply> RotateAsync(HttpClient client, string tenant, string keyId, int overlap) =>
        client.CallAsync("POST", $"/tenants/{tenant}/keys/{keyId}/rotate", $$"""{"overlapSeconds":{{overlap}}}""");
}
