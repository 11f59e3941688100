using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Functions.Options;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Security.Keys;
using Headgate.Functions.Stores;
using Headgate.Functions.Tests.Support;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Headgate.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Headgate.Functions.Tests.Security;

public sealed class AccessMiddlewareTests
{
    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        ["operator"] = "hg_ops_0123456789abcdef0123456789abcdef",
        ["viewer"] = "hg_viewer_0123456789abcdef",
        ["admin"] = "hg_admin_0123456789abcdef",
        ["stranger"] = "hg_stranger_0123456789abcdef",
        ["agent"] = "hg_agent_0123456789abcdef",
        ["expired"] = "hg_expired_0123456789abcdef",
        ["wrong secret"] = "hg_admin_0123456789abcdeX",
        ["unknown"] = "hg_nobody_0123456789abcdef",
        ["jwt"] = "eyJhbGciOiJub25lIn0.e30.",
        ["malformed"] = "hg_admin",
    };

    private readonly MemoryTables _tables = new();
    private readonly ManualClock _clock = new();
    private readonly AccessMiddleware _middleware;

    public AccessMiddlewareTests()
    {
        var verifier = new ApiKeyVerifier(new KeyStore(_tables, _clock), new KeyUses(_tables, _clock), _clock, [OperatorKey.Read(Keys["operator"], out _)!]);
        _middleware = new AccessMiddleware(
            new AccessCatalog(HttpFunction.In([typeof(Functions)])),
            new CredentialChain([verifier]),
            new RequestRate(new HeadgateOptions()),
            new AuditTrail(_tables, new NewestFirstIds(new SequenceRandom()), _clock, NullLogger<AuditTrail>.Instance),
            new AuditChain(_tables, _clock, NullLogger<AuditChain>.Instance));
        Store("viewer", new MemberCaller("viewer", "acme", Role.Viewer));
        Store("admin", new MemberCaller("admin", "acme", Role.Admin));
        Store("stranger", new MemberCaller("stranger", "other", Role.Owner));
        Store("agent", new AgentCaller("a1", "acme"));
        Store("expired", new MemberCaller("expired", "acme", Role.Owner), _clock.GetUtcNow());
    }

    [Theory]
    [InlineData("Public", "", 200)]
    [InlineData("Public", "wrong secret", 200)]
    [InlineData("Tenant", "", 401)]
    [InlineData("Tenant", "wrong secret", 401)]
    [InlineData("Tenant", "unknown", 401)]
    [InlineData("Tenant", "expired", 401)]
    [InlineData("Tenant", "jwt", 401)]
    [InlineData("Tenant", "malformed", 401)]
    [InlineData("Tenant", "viewer", 403)]
    [InlineData("Tenant", "admin", 200)]
    [InlineData("Tenant", "stranger", 404)]
    [InlineData("Tenant", "agent", 404)]
    [InlineData("Tenant", "operator", 200)]
    [InlineData("Operator", "", 401)]
    [InlineData("Operator", "admin", 403)]
    [InlineData("Operator", "agent", 403)]
    [InlineData("Operator", "operator", 200)]
    [InlineData("Suspend", "admin", 403)]
    [InlineData("Suspend", "stranger", 404)]
    [InlineData("Suspend", "operator", 200)]
    [InlineData("Agent", "", 401)]
    [InlineData("Agent", "agent", 200)]
    [InlineData("Agent", "admin", 404)]
    [InlineData("Agent", "operator", 404)]
    [InlineData("Inside", "", 401)]
    [InlineData("Inside", "stranger", 200)]
    [InlineData("Unheard", "", 401)]
    [InlineData("Unheard", "operator", 404)]
    public async Task Invoke_CallerAndRule_PassedOrRefused(string function, string key, int status)
    {
        var exchange = Exchange(key);

        var reached = await InvokeAsync(function, exchange);

        Assert.Equal(status, exchange.Status);
        Assert.Equal(status == 200, reached);
    }

    [Fact]
    public async Task Invoke_NoCredentials_BearerChallenge()
    {
        var exchange = Exchange("");

        await InvokeAsync("Tenant", exchange);

        Assert.Equal("Bearer", exchange.Headers.WWWAuthenticate);
        Assert.Equal("""{"error":"Authentication required","code":"unauthenticated","requestId":"request-1"}""", await exchange.AnswerAsync());
    }

    [Fact]
    public async Task Invoke_MemberWithoutPermission_ToldWhatIsMissing()
    {
        var exchange = Exchange("viewer");

        await InvokeAsync("Tenant", exchange);

        var body = await exchange.JsonAsync();
        Assert.Equal("settings:update", body.GetProperty("requiredAction").GetString());
        Assert.Equal("viewer", body.GetProperty("userRole").GetString());
    }

    [Fact]
    public async Task Invoke_OtherAgent_NotFound()
    {
        var exchange = new Exchange("POST", "/agents/a2/heartbeat", "", ("agentId", "a2")).WithKey(Keys["agent"]);

        Assert.False(await InvokeAsync("Agent", exchange));
        Assert.Equal("""{"error":"Agent not found","code":"agent-not-found","agentId":"a2","requestId":"request-1"}""", await exchange.AnswerAsync());
    }

    [Theory]
    [InlineData("tenantId", "Acme", "tenant-not-found")]
    [InlineData("tenantId", "!all", "tenant-not-found")]
    [InlineData("runId", "a/b", "run-not-found")]
    [InlineData("taskId", "a\u0000", "task-not-found")]
    [InlineData("agentId", "!agent", "agent-not-found")]
    [InlineData("name", "..\\x", "not-found")]
    public async Task Invoke_IdNoRowCanHave_NotFoundEvenForOperators(string name, string value, string code)
    {
        var exchange = new Exchange("GET", "/", "", (name, value)).WithKey(Keys["operator"]);

        Assert.False(await InvokeAsync("Inside", exchange));
        Assert.Equal(404, exchange.Status);
        Assert.Equal(code, (await exchange.JsonAsync()).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("Basic", 1)]
    [InlineData("Bearer", 2)]
    public async Task Invoke_OtherSchemeOrTwoHeaders_Unauthenticated(string scheme, int count)
    {
        var exchange = Exchange("admin");
        exchange.Http.Request.Headers.Authorization = new(Enumerable.Repeat($"{scheme} {Keys["admin"]}", count).ToArray());

        Assert.False(await InvokeAsync("Tenant", exchange));
        Assert.Equal(401, exchange.Status);
    }

    [Fact]
    public async Task Invoke_NoRequest_PassedWithoutQuestions()
    {
        var reached = false;

        await _middleware.Invoke(new FakeInvocation("Sweep"), _ =>
        {
            reached = true;
            return Task.CompletedTask;
        });

        Assert.True(reached);
    }

    [Fact]
    public async Task Invoke_Granted_FunctionKnowsTheCaller()
    {
        Caller? caller = null;
        var context = new FakeInvocation("Tenant", Exchange("admin").Http);

        await _middleware.Invoke(context, inner =>
        {
            caller = inner.Caller();
            return Task.CompletedTask;
        });

        Assert.Equal(new MemberCaller("admin", "acme", Role.Admin), caller);
        Assert.Equal("key:admin", caller!.Actor);
        Assert.Equal("request-1", context.RequestId());
    }

    [Fact]
    public void Caller_PublicFunction_Throws() => Assert.Throws<InvalidOperationException>(() => new FakeInvocation("Public").Caller());

    [Theory]
    [InlineData("Tenant", "operator", "POST", 202, 1)]
    [InlineData("Tenant", "operator", "POST", 409, 0)]
    [InlineData("Tenant", "operator", "GET", 200, 0)]
    [InlineData("Suspend", "operator", "POST", 200, 0)]
    [InlineData("Tenant", "admin", "POST", 200, 0)]
    public async Task Invoke_Write_AuditedForOperatorsUnlessRefusedOrDoneByTheFunction(string function, string key, string method, int status, int rows)
    {
        var exchange = Exchange(key, method);

        await InvokeAsync(function, exchange, status);

        var audit = await _tables.QueryAsync(new TableQuery(Table.Audit, "acme"));
        Assert.Equal(rows, audit.Rows.Count);
        if (rows > 0)
        {
            Assert.Equal(
                new AuditItem(_clock.GetUtcNow(), "key:ops", "run.submitted", "/tenants/acme/x", null),
                AuditEntry.Read(audit.Rows[0]));
        }
    }

    [Theory]
    [InlineData("acme", false, 1)]
    [InlineData(null, false, 0)]
    [InlineData("acme", true, 0)]
    public async Task Invoke_PathWithoutTenant_AnswerSaysWhoseAuditAndWhetherAnythingChanged(string? tenant, bool changesNothing, int rows)
    {
        var exchange = Exchange("operator");
        exchange.Http.Request.RouteValues.Clear();
        var reply = Reply.NoContent().About(tenant);

        await InvokeAsync("Register", exchange, changesNothing ? reply.WithoutChange() : reply);

        Assert.Equal(rows, (await _tables.QueryAsync(new TableQuery(Table.Audit, "acme"))).Rows.Count);
        Assert.Equal(tenant is null ? 1 : 0, (await _tables.QueryAsync(new TableQuery(Table.Audit, AuditEntry.PlatformPartition))).Rows.Count);
    }

    [Fact]
    public async Task Invoke_AuditCannotBeWritten_AnswerIsGivenAllTheSame()
    {
        _tables.Submitting = _ => throw new StoreUnavailableException("away");
        var exchange = Exchange("operator");

        Assert.True(await InvokeAsync("Tenant", exchange, 202));
        Assert.Equal(202, exchange.Status);
    }

    private static Exchange Exchange(string key, string method = "POST")
    {
        var exchange = new Exchange(method, "/tenants/acme/x", "", ("tenantId", "acme"), ("agentId", "a1"));
        if (key.Length > 0)
            exchange.WithKey(Keys[key]);
        return exchange;
    }

    private Task<bool> InvokeAsync(string function, Exchange exchange, int status = 200) => InvokeAsync(function, exchange, Reply.Bytes(status, default));

    private async Task<bool> InvokeAsync(string function, Exchange exchange, Reply reply)
    {
        if (function == "Operator")
            exchange.Http.Request.RouteValues.Clear();
        var context = new FakeInvocation(function, exchange.Http);
        await _middleware.Invoke(context, _ =>
        {
            context.Result = reply;
            return Task.CompletedTask;
        });
        if (context.Result is not null)
            reply.Write(exchange.Http);
        return context.Result is not null;
    }

    private void Store(string id, Caller caller, DateTimeOffset? expiresAt = null)
    {
        Assert.True(ApiKey.TryParse(Keys[id], out _, out var secret));
        var row = new KeyRecord(id, caller, ApiKey.Hash(secret), id, _clock.GetUtcNow(), expiresAt).ToRow();
        _tables.Put(Table.Keys, row);
    }

    private static class Functions
    {
        [Function("Public"), Public]
        public static void Public([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "p")] HttpRequest request) => _ = request;

        [Function("Tenant"), Access(Permission.SettingsUpdate), Audits(AuditAction.RunSubmitted)]
        public static void Tenant([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants/{tenantId}/x")] HttpRequest request) => _ = request;

        [Function("Operator"), OperatorOnly]
        public static void Operator([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "queues")] HttpRequest request) => _ = request;

        [Function("Suspend"), OperatorOnly, Audits(AuditAction.TenantSuspended, Itself = true)]
        public static void Suspend([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants/{tenantId}/suspend")] HttpRequest request) => _ = request;

        [Function("Agent"), AgentOnly]
        public static void Agent([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "agents/{agentId}/heartbeat")] HttpRequest request) => _ = request;

        [Function("Register"), CheckedInside, Audits(AuditAction.AgentRegistered)]
        public static void Register([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "agents")] HttpRequest request) => _ = request;

        [Function("Inside"), CheckedInside]
        public static void Inside([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "tasks/{taskId}")] HttpRequest request) => _ = request;
    }
}
