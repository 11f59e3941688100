using Headgate.Functions.Tests.Support;
using Xunit;

namespace Headgate.Functions.Tests.Api.Tenants;

[Collection("Service")]
public sealed class TenantTests(Service service)
{
    [Fact]
    public async Task Create_Tenant_ShownWithLimitsInForce()
    {
        var id = $"t-{Guid.NewGuid():N}";

        var created = await service.SendAsync("POST", "/tenants", $$"""{"id":"{{id}}","name":"Acme","plan":"pro","limits":{"maxConcurrentRuns":7,"maxRepos":null} }""");
        var read = await service.SendAsync("GET", $"/tenants/{id}");

        Assert.Equal((201, $"/tenants/{id}"), (created.Status, created.Location));
        Assert.Equal(created.Body.GetRawText(), read.Body.GetRawText());
        Assert.Equal("active", read.Body.GetProperty("status").GetString());
        Assert.Equal("""{"maxConcurrentRuns":7,"maxMonthlyRuns":500,"maxRepos":20,"maxMembers":15,"maxWaitingRuns":0,"shadow":null,"maxPolicies":100,"maxKeys":100,"maxAgents":100,"maxSchedules":100,"until":null}""", read.Body.GetProperty("limits").GetRawText());
        Assert.Equal(0, read.Body.GetProperty("inFlight").GetInt32());
        Assert.Equal(read.ETag, read.Body.GetProperty("eTag").GetString());
    }

    [Fact]
    public async Task Create_Again_Exists()
    {
        var id = await service.NewTenantAsync();

        var again = await service.SendAsync("POST", "/tenants", $$"""{"id":"{{id}}","name":"Other","plan":"free"}""");

        Assert.Equal((409, "tenant-exists"), (again.Status, again.Code));
        Assert.Equal("Tenant", (await service.SendAsync("GET", $"/tenants/{id}")).Body.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Create_UnknownPlan_RefusedBesideEveryOtherProblem()
    {
        var answer = await service.SendAsync("POST", "/tenants", """{"id":"Acme!","name":"","plan":"por","limits":{"maxRepos":-1,"maxrepos":2},"x":1}""");

        Assert.Equal(400, answer.Status);
        Assert.Equal(
            """
            {"error":"Unknown plan","code":"unknown-plan","plan":"por","details":[{"path":"id","message":"must be 1..63 of a-z, 0-9 and '-', not starting with '-'"},{"path":"name","message":"must be 1..100 characters without control characters"},{"path":"plan","message":"is unknown; did you mean 'pro'?"},{"path":"limits.maxRepos","message":"must be a whole number between 0 and 1000000000"},{"path":"limits.maxrepos","message":"is unknown; did you mean 'maxRepos'?"},{"path":"x","message":"is unknown"}]}
            """,
            answer.Text);
    }

    [Theory]
    [InlineData("team")]
    [InlineData("Pro")]
    [InlineData("")]
    public async Task Create_PlanOfNobody_NeverTakenForFree(string plan)
    {
        var answer = await service.SendAsync("POST", "/tenants", $$"""{"id":"x","name":"X","plan":"{{plan}}"}""");

        Assert.Equal(400, answer.Status);
        Assert.Equal(404, (await service.SendAsync("GET", "/tenants/x")).Status);
    }

    [Fact]
    public async Task List_Pages_EveryTenantOnce()
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 3; i++)
            ids.Add(await service.NewTenantAsync());

        var seen = new List<string>();
        string? next = null;
        do
        {
            var page = await service.SendAsync("GET", $"/tenants?limit=2{(next is null ? "" : $"&after={next}")}");
            Assert.InRange(page.Body.GetProperty("items").GetArrayLength(), 1, 2);
            seen.AddRange(page.Body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            next = page.Body.GetProperty("next").GetString();
        }
        while (next is not null);

        Assert.Equal(seen.Count, seen.Distinct(StringComparer.Ordinal).Count());
        Assert.Superset(ids, seen.ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Update_IfMatch_OnlyOverWhatWasRead()
    {
        var id = await service.NewTenantAsync();
        var first = await service.SendAsync("GET", $"/tenants/{id}");

        var changed = await service.SendAsync("PATCH", $"/tenants/{id}", """{"plan":"enterprise","limits":{"maxConcurrentRuns":50}}""", ifMatch: first.ETag);
        var stale = await service.SendAsync("PATCH", $"/tenants/{id}", """{"name":"Late"}""", ifMatch: first.ETag);
        var cleared = await service.SendAsync("PATCH", $"/tenants/{id}", """{"limits":{"maxConcurrentRuns":null}}""", ifMatch: $"\"other\", {changed.ETag}");

        Assert.Equal((200, "enterprise"), (changed.Status, changed.Body.GetProperty("plan").GetString()));
        Assert.Equal(50, changed.Body.GetProperty("limits").GetProperty("maxConcurrentRuns").GetInt32());
        Assert.Equal((412, "precondition-failed", changed.ETag), (stale.Status, stale.Code, stale.ETag));
        Assert.Equal(20, cleared.Body.GetProperty("limits").GetProperty("maxConcurrentRuns").GetInt32());
    }

    [Fact]
    public async Task Update_ByAnAdmin_NameOnly()
    {
        var id = await service.NewTenantAsync();
        var admin = await service.NewKeyAsync(id, "admin");

        var plan = await service.SendAsync("PATCH", $"/tenants/{id}", """{"name":"Mine","plan":"enterprise"}""", admin);
        var name = await service.SendAsync("PATCH", $"/tenants/{id}", """{"name":"Mine"}""", admin);

        Assert.Equal((403, "insufficient-permission", "platform:operate"), (plan.Status, plan.Code, plan.Body.GetProperty("requiredAction").GetString()));
        Assert.Equal((200, "Mine", "pro"), (name.Status, name.Body.GetProperty("name").GetString(), name.Body.GetProperty("plan").GetString()));
    }

    [Theory]
    [InlineData("{}", "must have at least one of name, plan, limits")]
    [InlineData("""{"nam":"x"}""", "is unknown; did you mean 'name'?")]
    public async Task Update_NothingUseful_Refused(string body, string message)
    {
        var answer = await service.SendAsync("PATCH", $"/tenants/{await service.NewTenantAsync()}", body);

        Assert.Equal((400, message), (answer.Status, answer.Body.GetProperty("details")[0].GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Tenant_OfOthers_NotFoundWhetherItExistsOrNot()
    {
        var stranger = await service.NewKeyAsync(await service.NewTenantAsync(), "owner");
        var existing = await service.NewTenantAsync();

        foreach (var (method, path) in new[] { ("GET", ""), ("PATCH", ""), ("POST", "/pause"), ("POST", "/suspend"), ("GET", "/keys"), ("GET", "/audit"), ("PUT", "/policies/x") })
        {
            Assert.Equal("tenant-not-found", (await service.SendAsync(method, $"/tenants/{existing}{path}", key: stranger)).Code);
            Assert.Equal("tenant-not-found", (await service.SendAsync(method, $"/tenants/nowhere{path}", key: stranger)).Code);
        }
    }
}
