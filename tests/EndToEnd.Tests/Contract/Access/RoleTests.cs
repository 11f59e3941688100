using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Access;

/// <summary>Every route, tried by everybody: no credentials 401, strangers 404, members below the least role 403, the others neither.</summary>
public class RoleTests(ContractHost ground) : IClassFixture<ContractHost>
{
    private const string Operator = "operator";

    public static TheoryData<string, string, string, string> TenantRoutes { get; } = new()
    {
        { "GET", "/tenants/{t}", "viewer", "tenant:read" },
        { "PATCH", "/tenants/{t}", "admin", "tenant:update" },
        { "DELETE", "/tenants/{t}", Operator, "platform:operate" },
        { "POST", "/tenants/{t}/pause", "admin", "settings:update" },
        { "POST", "/tenants/{t}/resume", "admin", "settings:update" },
        { "POST", "/tenants/{t}/suspend", Operator, "platform:operate" },
        { "POST", "/tenants/{t}/deactivate", Operator, "platform:operate" },
        { "POST", "/tenants/{t}/activate", Operator, "platform:operate" },
        { "GET", "/tenants/{t}/keys", "admin", "key:read" },
        { "POST", "/tenants/{t}/keys", "admin", "key:create" },
        { "POST", "/tenants/{t}/keys/none/rotate", "admin", "key:rotate" },
        { "DELETE", "/tenants/{t}/keys/none", "admin", "key:revoke" },
        { "GET", "/tenants/{t}/members", "admin", "member:read" },
        { "GET", "/tenants/{t}/members/none", "admin", "member:read" },
        { "PUT", "/tenants/{t}/members/one", "admin", "member:invite" },
        { "DELETE", "/tenants/{t}/members/none", "admin", "member:remove" },
        { "GET", "/tenants/{t}/policies", "viewer", "settings:read" },
        { "GET", "/tenants/{t}/policies/default", "viewer", "settings:read" },
        { "PUT", "/tenants/{t}/policies/p", "admin", "settings:update" },
        { "DELETE", "/tenants/{t}/policies/none", "admin", "settings:update" },
        { "GET", "/tenants/{t}/schedules", "viewer", "settings:read" },
        { "GET", "/tenants/{t}/schedules/none", "viewer", "settings:read" },
        { "PUT", "/tenants/{t}/schedules/s", "admin", "settings:update" },
        { "DELETE", "/tenants/{t}/schedules/none", "admin", "settings:update" },
        { "POST", "/tenants/{t}/schedules/none/trigger", "developer", "run:create" },
        { "GET", "/tenants/{t}/resources", "viewer", "settings:read" },
        { "GET", "/tenants/{t}/resources/none", "viewer", "settings:read" },
        { "PUT", "/tenants/{t}/resources/r", "admin", "settings:update" },
        { "POST", "/tenants/{t}/resources/r/hold", "admin", "settings:update" },
        { "POST", "/tenants/{t}/resources/r/release", "admin", "settings:update" },
        { "GET", "/tenants/{t}/audit", "admin", "audit:read" },
        { "GET", "/tenants/{t}/audit/verify", "admin", "audit:read" },
        { "GET", "/tenants/{t}/usage", "viewer", "tenant:read" },
        { "GET", "/tenants/{t}/backoff-status", "viewer", "run:read" },
        { "GET", "/tenants/{t}/runs", "viewer", "run:read" },
        { "POST", "/tenants/{t}/runs", "developer", "run:create" },
        { "GET", "/tenants/{t}/runs/none", "viewer", "run:read" },
        { "GET", "/tenants/{t}/runs/none/timeline", "viewer", "run:read" },
        { "GET", "/tenants/{t}/runs/none/explain", "viewer", "run:read" },
        { "POST", "/tenants/{t}/runs/none/cancel", "developer", "run:cancel" },
        { "GET", "/tenants/{t}/dead-letters", "viewer", "deadletter:read" },
        { "POST", "/tenants/{t}/dead-letters/none/replay", "developer", "deadletter:replay" },
        { "POST", "/tenants/{t}/dead-letters/replay", "developer", "deadletter:replay" },
        { "GET", "/tenants/{t}/dead-letters/replays/none", "viewer", "deadletter:read" },
        { "DELETE", "/tenants/{t}/dead-letters/none", "developer", "deadletter:replay" },
        { "GET", "/agents?tenant={t}", "admin", "agent:read" },
    };

    public static TheoryData<string, string, string> AgentRoutes { get; } = new()
    {
        { "GET", "/agents/{a}", "agent:read" },
        { "GET", "/agents/{a}/load", "agent:read" },
        { "GET", "/agents/{a}/backoff-status", "agent:read" },
        { "PATCH", "/agents/{a}/settings", "agent:update" },
        { "POST", "/agents/{a}/drain", "agent:update" },
        { "POST", "/agents/{a}/undrain", "agent:update" },
        { "POST", "/agents/{a}/quarantine", "agent:update" },
        { "POST", "/agents/{a}/release", "agent:update" },
        { "DELETE", "/agents/{a}", "agent:delete" },
    };

    public static TheoryData<string, string> TenantCalls { get; } = Calls();

    private static readonly string[] Roles = ["viewer", "developer", "admin", "owner"];

    [SuiteTheory, MemberData(nameof(TenantRoutes))]
    public async Task TenantRoute_ByEveryone_IsForTheLeastRoleAndAbove(string method, string path, string least, string action)
    {
        var tenant = await ground.TenantAsync();
        var target = path.Replace("{t}", tenant, StringComparison.Ordinal);

        foreach (var role in Roles)
        {
            using var member = await ground.MemberAsync(tenant, role);
            var reply = await member.CallAsync(method, target, method == "GET" ? null : """{"zz":1}""");
            if (least == Operator || Array.IndexOf(Roles, role) < Array.IndexOf(Roles, least))
                Forbidden(reply, action, role);
            else
                Assert.False((int)reply.Status is 401 or 403, $"{role} {method} {path}: {(int)reply.Status} {reply.Body}");
        }
    }

    [SuiteTheory, MemberData(nameof(TenantCalls))]
    public async Task TenantRoute_ByStrangers_IsLikeAMissingTenant(string method, string path)
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        using var stranger = await ground.MemberAsync(await ground.TenantAsync(), "owner");
        using var nobody = ground.NewClient(null);
        var body = method == "GET" ? null : "{";
        var target = path.Replace("{t}", tenant, StringComparison.Ordinal);

        Refused.With(401, "unauthenticated", await nobody.CallAsync(method, target, body));
        foreach (var client in new[] { stranger, agent.Client })
        {
            var theirs = await client.CallAsync(method, target, body);
            var missing = await client.CallAsync(method, path.Replace("{t}", "no-such-tenant", StringComparison.Ordinal), body);
            Refused.Exactly(404, $$"""{"error":"Tenant not found","code":"tenant-not-found","tenantId":"{{tenant}}"}""", theirs);
            Refused.Exactly(404, """{"error":"Tenant not found","code":"tenant-not-found","tenantId":"no-such-tenant"}""", missing);
        }
    }

    [SuiteTheory, MemberData(nameof(AgentRoutes))]
    public async Task AgentRoute_ByEveryone_IsForAdminsOfTheOwnerAlone(string method, string path, string action)
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var shared = await ground.AgentAsync(null);
        using var stranger = await ground.MemberAsync(await ground.TenantAsync(), "owner");
        using var nobody = ground.NewClient(null);
        var target = path.Replace("{a}", agent.Id, StringComparison.Ordinal);
        var body = method == "PATCH" ? """{"cpuQuotaPercent":60}""" : method == "POST" ? """{"reason":"r"}""" : null;

        Refused.With(401, "unauthenticated", await nobody.CallAsync(method, target, body));
        foreach (var role in Roles)
        {
            using var member = await ground.MemberAsync(tenant, role);
            if (role is "viewer" or "developer")
                Forbidden(await member.CallAsync(method, target, body), action, role);
            Refused.With(404, "agent-not-found", await member.CallAsync(method, path.Replace("{a}", shared.Id, StringComparison.Ordinal), body));
        }

        Refused.Exactly(404, $$"""{"error":"Agent not found","code":"agent-not-found","agentId":"{{agent.Id}}"}""", await stranger.CallAsync(method, target, body));
        Refused.Exactly(404, """{"error":"Agent not found","code":"agent-not-found","agentId":"none"}""", await stranger.CallAsync(method, path.Replace("{a}", "none", StringComparison.Ordinal), body));
        using var admin = await ground.MemberAsync(tenant, "admin");
        Assert.InRange((int)(await admin.CallAsync(method, target, body)).Status, 200, 204);
    }

    [SuiteTheory]
    [InlineData("POST", "heartbeat")]
    [InlineData("POST", "tasks/claim")]
    [InlineData("POST", "task-results")]
    public async Task AgentsOwnRoute_ByAnyoneElse_IsLikeAMissingAgent(string method, string path)
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var other = await ground.AgentAsync(tenant);
        using var owner = await ground.MemberAsync(tenant, "owner");
        using var nobody = ground.NewClient(null);
        var target = $"/agents/{agent.Id}/{path}";

        Refused.With(401, "unauthenticated", await nobody.CallAsync(method, target, "{"));
        foreach (var client in new[] { other.Client, owner, ground.Client })
            Refused.With(404, "agent-not-found", await client.CallAsync(method, target, "{"));
    }

    [SuiteTheory]
    [InlineData("GET", "/queues")]
    [InlineData("GET", "/queues/runs/dead-letters")]
    [InlineData("POST", "/queues/runs/dead-letters/resend")]
    [InlineData("GET", "/alerts")]
    [InlineData("POST", "/alerts/resource-held/silence")]
    [InlineData("GET", "/agents/summary")]
    [InlineData("GET", "/tenants")]
    [InlineData("POST", "/tenants")]
    public async Task OperatorsRoute_ByMembersAndAgents_IsForbidden(string method, string path)
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        using var owner = await ground.MemberAsync(tenant, "owner");
        using var nobody = ground.NewClient(null);

        Refused.With(401, "unauthenticated", await nobody.CallAsync(method, path));
        Refused.With(403, "insufficient-permission", await owner.CallAsync(method, path));
        Refused.With(403, "insufficient-permission", await agent.Client.CallAsync(method, path));
    }

    [SuiteFact]
    public async Task Tenant_PlanAndLimits_AreTheOperatorsToChange()
    {
        var tenant = await ground.TenantAsync("free");
        using var owner = await ground.MemberAsync(tenant, "owner");

        Refused.With(403, "insufficient-permission", await owner.CallAsync("PATCH", $"/tenants/{tenant}", """{"plan":"enterprise"}"""));
        Refused.With(403, "insufficient-permission", await owner.CallAsync("PATCH", $"/tenants/{tenant}", """{"name":"n","limits":{"maxConcurrentRuns":100}}"""));
        var named = await owner.CallAsync("PATCH", $"/tenants/{tenant}", """{"name":"renamed"}""");

        Assert.Equal("renamed", (string?)named.Body!["name"]);
        Assert.Equal("free", (string?)named.Body["plan"]);
    }

    [SuiteFact]
    public async Task Agent_Registration_IsForOperatorsAndAdminsOfTheTenant()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var body = AgentKit.Profile(ground.Name("agent"), tenant, "noop");

        foreach (var role in new[] { "viewer", "developer" })
        {
            using var member = await ground.MemberAsync(tenant, role);
            Forbidden(await member.PostAsync("/agents", body.DeepClone()), "agent:create", role);
        }

        using var admin = await ground.MemberAsync(tenant, "admin");
        using var stranger = await ground.MemberAsync(await ground.TenantAsync(), "owner");
        Refused.With(404, "tenant-not-found", await stranger.PostAsync("/agents", body.DeepClone()));
        Refused.With(404, "tenant-not-found", await agent.Client.PostAsync("/agents", body.DeepClone()));
        Refused.With(403, "insufficient-permission", await admin.PostAsync("/agents", AgentKit.Profile("shared-by-admin", null, "noop")));
        Assert.Equal(201, (int)(await admin.PostAsync("/agents", body.DeepClone())).Status);
        Refused.With(404, "tenant-not-found", await ground.Client.PostAsync("/agents", AgentKit.Profile("lost", "no-such-tenant", "noop")));
    }

    private static TheoryData<string, string> Calls()
    {
        var calls = new TheoryData<string, string>();
        foreach (var route in TenantRoutes)
            calls.Add((string)route[0], (string)route[1]);
        return calls;
    }

    private static void Forbidden(Reply reply, string action, string role)
    {
        Refused.With(403, "insufficient-permission", reply);
        Assert.Equal(action, (string?)reply.Body!["requiredAction"]);
        Assert.Equal(role, (string?)reply.Body["userRole"]);
    }
}
