using Headgate.Functions.Tests.Support;
using Xunit;

namespace Headgate.Functions.Tests.Api.Tenants;

[Collection("Service")]
public sealed class TenantStatusTests(Service service)
{
    [Fact]
    public async Task Pause_AndResume_AnswersAsDocumented()
    {
        var id = await service.NewTenantAsync();

        Assert.Equal("""{"error":"Tenant is not paused","code":"not-paused","status":"active"}""", (await PostAsync(id, "resume")).Text);
        Assert.Equal(
            """{"success":true,"status":"paused","message":"Tenant paused. New runs will be rejected until resumed."}""",
            (await PostAsync(id, "pause", """{"reason":"maintenance"}""")).Text);
        Assert.Equal("""{"error":"Tenant is already paused","code":"already-paused","status":"paused"}""", (await PostAsync(id, "pause")).Text);
        var pause = (await service.SendAsync("GET", $"/tenants/{id}")).Body.GetProperty("pause");
        Assert.Equal("maintenance", pause.GetProperty("reason").GetString());
        Assert.StartsWith("key:", pause.GetProperty("actor").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            """{"success":true,"status":"active","message":"Tenant resumed. New runs will be accepted."}""",
            (await PostAsync(id, "resume")).Text);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await service.SendAsync("GET", $"/tenants/{id}")).Body.GetProperty("pause").ValueKind);
    }

    [Fact]
    public async Task Pause_WithoutReason_AdminAction()
    {
        var id = await service.NewTenantAsync();

        await PostAsync(id, "pause", "");

        Assert.Equal("admin_action", (await service.SendAsync("GET", $"/tenants/{id}")).Body.GetProperty("pause").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Pause_EndInThePast_Refused()
    {
        var answer = await PostAsync(await service.NewTenantAsync(), "pause", """{"until":"2020-01-01T00:00:00Z"}""");

        Assert.Equal((400, "must be in the future"), (answer.Status, answer.Body.GetProperty("details")[0].GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Moves_ByTheTable_AllowedOrNamed()
    {
        var id = await service.NewTenantAsync();
        const string why = """{"reason":"unpaid"}""";

        Assert.Equal(
            """{"error":"Invalid state transition: active to active","code":"invalid-transition","from":"active","to":"active"}""",
            (await PostAsync(id, "activate", why)).Text);
        Assert.Equal(200, (await PostAsync(id, "suspend", why)).Status);
        Assert.Equal("""{"error":"Can only pause active tenants","code":"not-active","status":"suspended"}""", (await PostAsync(id, "pause")).Text);
        Assert.Equal(200, (await PostAsync(id, "deactivate", why)).Status);
        Assert.Equal("invalid-transition", (await PostAsync(id, "suspend", why)).Code);
        Assert.Equal(200, (await PostAsync(id, "activate", why)).Status);
        Assert.Equal("active", (await service.SendAsync("GET", $"/tenants/{id}")).Body.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Suspend_WithoutReason_Refused() =>
        Assert.Equal("invalid-request", (await PostAsync(await service.NewTenantAsync(), "suspend")).Code);

    [Fact]
    public async Task Moves_UnknownTenant_NotFound()
    {
        var answer = await PostAsync("nowhere", "pause");

        Assert.Equal((404, """{"error":"Tenant not found","code":"tenant-not-found","tenantId":"nowhere"}"""), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task Audit_AfterChanges_NewestFirstWithWhoAndWhy()
    {
        var id = await service.NewTenantAsync();
        await PostAsync(id, "pause", """{"reason":"maintenance"}""");
        await PostAsync(id, "resume");
        await PostAsync(id, "resume");
        await service.SendAsync("PATCH", $"/tenants/{id}", """{"name":"New"}""");

        var first = await service.SendAsync("GET", $"/tenants/{id}/audit?limit=3");
        var rest = await service.SendAsync("GET", $"/tenants/{id}/audit?after={first.Body.GetProperty("next").GetString()}");

        // Rows of one millisecond stand in any order; nothing here is done twice in one.
        var actions = first.Body.GetProperty("items").EnumerateArray().Concat(rest.Body.GetProperty("items").EnumerateArray())
            .Select(item => item.GetProperty("action").GetString()).ToList();
        Assert.Equal(["tenant.created", "tenant.paused", "tenant.resumed", "tenant.updated"], actions.Order(StringComparer.Ordinal));
    }

    private Task<Answer> PostAsync(string tenantId, string move, string? body = null) => service.SendAsync("POST", $"/tenants/{tenantId}/{move}", body);
}
