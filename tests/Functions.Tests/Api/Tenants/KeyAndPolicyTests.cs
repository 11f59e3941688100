using Headgate.Functions.Tests.Support;
using Xunit;

namespace Headgate.Functions.Tests.Api.Tenants;

[Collection("Service")]
public sealed class KeyAndPolicyTests(Service service)
{
    [Fact]
    public async Task CreateKey_Answer_WorksAndIsShownOnce()
    {
        var id = await service.NewTenantAsync();

        var created = await service.SendAsync("POST", $"/tenants/{id}/keys", """{"name":"CI","role":"developer","expiresAt":"2099-01-01T00:00:00Z"}""");
        var key = created.Body.GetProperty("key").GetString()!;
        var keyId = created.Body.GetProperty("keyId").GetString()!;
        var list = await service.SendAsync("GET", $"/tenants/{id}/keys");

        Assert.Equal((201, $"/tenants/{id}/keys/{keyId}"), (created.Status, created.Location));
        Assert.StartsWith($"hg_{keyId}_", key, StringComparison.Ordinal);
        Assert.Equal(200, (await service.SendAsync("GET", $"/tenants/{id}", key: key)).Status);
        Assert.DoesNotContain(key[(keyId.Length + 4)..], list.Body.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(keyId, list.Body.GetProperty("items")[0].GetProperty("keyId").GetString());
    }

    [Fact]
    public async Task RevokeKey_KnownKey_RefusedFromThenOn()
    {
        var id = await service.NewTenantAsync();
        var key = await service.NewKeyAsync(id, "viewer");
        var path = $"/tenants/{id}/keys/{key.Split('_')[1]}";
        Assert.Equal(200, (await service.SendAsync("GET", $"/tenants/{id}", key: key)).Status);

        Assert.Equal(204, (await service.SendAsync("DELETE", path)).Status);

        Assert.Equal("unauthenticated", (await service.SendAsync("GET", $"/tenants/{id}", key: key)).Code);
        Assert.Equal("key-not-found", (await service.SendAsync("DELETE", path)).Code);
    }

    [Fact]
    public async Task Keys_OfAHigherRole_NotAnAdminsToGiveOrTake()
    {
        var id = await service.NewTenantAsync();
        var admin = await service.NewKeyAsync(id, "admin");
        var owner = await service.NewKeyAsync(id, "owner");

        Assert.Equal(403, (await service.SendAsync("POST", $"/tenants/{id}/keys", """{"name":"Up","role":"owner"}""", admin)).Status);
        Assert.Equal(403, (await service.SendAsync("DELETE", $"/tenants/{id}/keys/{owner.Split('_')[1]}", key: admin)).Status);
        Assert.Equal(201, (await service.SendAsync("POST", $"/tenants/{id}/keys", """{"name":"Same","role":"admin"}""", admin)).Status);
    }

    [Fact]
    public async Task CreateKey_EverythingWrong_EveryProblem()
    {
        var answer = await service.SendAsync("POST", $"/tenants/{await service.NewTenantAsync()}/keys", """{"role":"god","expiresAt":"2020-01-01T00:00:00Z","nam":"x"}""");

        Assert.Equal(["name", "role", "expiresAt", "nam"], answer.Body.GetProperty("details").EnumerateArray().Select(detail => detail.GetProperty("path").GetString()));
        Assert.Equal("tenant-not-found", (await service.SendAsync("POST", "/tenants/nowhere/keys", """{"name":"x","role":"viewer"}""")).Code);
    }

    [Fact]
    public async Task Policies_PutReadListDelete_WithDefaults()
    {
        var id = await service.NewTenantAsync();
        var path = $"/tenants/{id}/policies";

        var put = await service.SendAsync("PUT", $"{path}/fast", """{"baseSeconds":0.1,"maxSeconds":2}""");

        Assert.Equal("""{"name":"fast","maxRetries":3,"baseSeconds":0.1,"maxSeconds":2,"jitter":0.5,"factor":2}""", put.Text);
        Assert.Equal(put.Text, (await service.SendAsync("GET", $"{path}/fast")).Text);
        Assert.Equal(5, (await service.SendAsync("GET", $"{path}/default")).Body.GetProperty("baseSeconds").GetDouble());
        Assert.Equal(["default", "fast"], await NamesAsync(path));
        Assert.Equal(204, (await service.SendAsync("DELETE", $"{path}/fast")).Status);
        Assert.Equal("policy-not-found", (await service.SendAsync("DELETE", $"{path}/fast")).Code);
        Assert.Equal("policy-not-found", (await service.SendAsync("GET", $"{path}/fast")).Code);
    }

    [Fact]
    public async Task ListPolicies_InPages_EveryOneOnce()
    {
        var path = $"/tenants/{await service.NewTenantAsync()}/policies";
        await service.SendAsync("PUT", $"{path}/a");
        await service.SendAsync("PUT", $"{path}/z");

        var first = await service.SendAsync("GET", $"{path}?limit=2");
        var second = await service.SendAsync("GET", $"{path}?limit=2&after={first.Body.GetProperty("next").GetString()}");

        Assert.Equal("z", Assert.Single(second.Body.GetProperty("items").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, second.Body.GetProperty("next").ValueKind);
    }

    [Theory]
    [InlineData("""{"maxRetries":21,"baseSeconds":0.01,"jitter":2,"factor":0.5}""", "baseSeconds,maxRetries,jitter,factor")]
    [InlineData("""{"baseSeconds":400}""", "maxSeconds")]
    [InlineData("""{"maxSeconds":1e400}""", "maxSeconds")]
    public async Task PutPolicy_OutOfRange_EveryProblem(string body, string paths)
    {
        var answer = await service.SendAsync("PUT", $"/tenants/{await service.NewTenantAsync()}/policies/p", body);

        Assert.Equal(400, answer.Status);
        Assert.Equal(paths, string.Join(',', answer.Body.GetProperty("details").EnumerateArray().Select(detail => detail.GetProperty("path").GetString())));
    }

    private async Task<IEnumerable<string?>> NamesAsync(string path) =>
        (await service.SendAsync("GET", path)).Body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString());
}
