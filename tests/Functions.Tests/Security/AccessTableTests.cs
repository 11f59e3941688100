using Headgate.Core.Access;
using Headgate.Functions.Options;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Security.Keys;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tests.Support;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Headgate.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Headgate.Functions.Tests.Security;

/// <summary>
/// Every function that answers HTTP, tried by every kind of caller. What each may is written down here, apart from the code: <c>public</c>,
/// <c>operator</c>, <c>agent</c> (itself alone), <c>inside</c> (with credentials; the function decides, and the contract's role tests try it), or
/// the least role and the name of the permission.
/// </summary>
public sealed class AccessTableTests
{
    private const string Table = """
        ActivateTenant operator
        AgentSummary operator
        CancelRun developer run:cancel
        ChangeAgentSettings inside
        ClaimTasks agent
        CreateKey admin key:create
        CreateTenant operator
        DashboardFile public
        DeactivateTenant operator
        DeleteMember admin member:remove
        DeletePolicy admin settings:update
        DeleteSchedule admin settings:update
        DeleteTenant operator
        DismissDeadLetter developer deadletter:replay
        DrainAgent inside
        ExplainRun viewer run:read
        ExplainTask inside
        Foreman inside
        GetAgent inside
        GetAgentBackoffStatus inside
        GetAgentLoad inside
        GetReplay viewer deadletter:read
        GetRun viewer run:read
        GetTask inside
        GetTenantBackoffStatus viewer run:read
        GetTimeline viewer run:read
        Health public
        HoldResource admin settings:update
        Info public
        ListAgents inside
        ListAudit admin audit:read
        ListDeadLetters viewer deadletter:read
        ListKeys admin key:read
        ListMembers admin member:read
        ListPolicies viewer settings:read
        ListQueueDeadLetters operator
        ListResources viewer settings:read
        ListRuns viewer run:read
        ListSchedules viewer settings:read
        ListTenants operator
        PauseTenant admin settings:update
        PutMember admin member:invite
        PutPolicy admin settings:update
        PutResource admin settings:update
        PutSchedule admin settings:update
        QuarantineAgent inside
        ReadAlerts operator
        ReadApiDocument public
        ReadDecision public
        ReadDocument public
        ReadDocumentIndex public
        ReadMe inside
        ReadMember admin member:read
        ReadObjectives operator
        ReadPolicy viewer settings:read
        ReadQueues operator
        ReadResource viewer settings:read
        ReadRunbook public
        ReadSchedule viewer settings:read
        ReadTenant viewer tenant:read
        ReadUsage viewer tenant:read
        Ready public
        RegisterAgent inside
        ReleaseAgent inside
        ReleaseResource admin settings:update
        RemoveAgent inside
        ReplayDeadLetter developer deadletter:replay
        ReplayDeadLetters developer deadletter:replay
        ReportHeartbeat agent
        ReportResults agent
        ResendQueueDeadLetters operator
        ResumeTenant admin settings:update
        RevokeKey admin key:revoke
        RotateKey admin key:rotate
        SilenceAlert operator
        StreamRunEvents viewer run:read
        StreamTenantEvents viewer run:read
        SubmitRun developer run:create
        SuspendTenant operator
        TriggerSchedule developer run:create
        UndrainAgent inside
        UpdateTenant admin tenant:update
        VerifyAudit admin audit:read
        ZUnknownRoute public
        """;

    private static readonly string[] s_roles = ["viewer", "developer", "admin", "owner"];

    private static readonly Dictionary<string, string[]> s_table =
        Table.Split('\n', StringSplitOptions.TrimEntries).Select(line => line.Split(' ')).ToDictionary(row => row[0], row => row[1..], StringComparer.Ordinal);

    private readonly MemoryTables _tables = new();
    private readonly ManualClock _clock = new();

    public static TheoryData<string> Functions => [.. HttpFunction.OfTheApp().Select(function => function.Name)];

    [Fact]
    public void Table_AndTheIndex_NameTheSameFunctions() =>
        Assert.Equal(HttpFunction.OfTheApp().Select(function => function.Name).Order(StringComparer.Ordinal), s_table.Keys.Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Functions))]
    public async Task Function_ByEveryKindOfCaller_IsForThoseOfTheTable(string function)
    {
        var rule = s_table[function];
        var tenantInPath = HttpFunction.OfTheApp().Single(each => each.Name == function).Route.Contains("{tenantId}", StringComparison.Ordinal);

        Assert.Equal(rule[0] == "public" ? 200 : 401, await StatusAsync(function, null));
        Assert.Equal(rule[0] == "agent" ? 404 : 200, await StatusAsync(function, new OperatorCaller("k")));
        foreach (var role in s_roles)
        {
            Assert.True(Roles.TryParse(role, out var held));
            var isAllowed = Array.IndexOf(s_roles, role) >= Array.IndexOf(s_roles, rule[0]) && Array.IndexOf(s_roles, rule[0]) >= 0;
            var expected = rule[0] switch { "public" or "inside" => 200, "operator" => 403, "agent" => 404, _ => isAllowed ? 200 : 403 };
            Assert.Equal(expected, await StatusAsync(function, new MemberCaller("k", "acme", held)));
            Assert.Equal(expected, await PersonAsync(function, held));

            // A key with scopes may what they name, and nothing else.
            var all = PermissionSet.Of(PermissionMatrix.All);
            var its = rule.Length > 1 ? PermissionSet.Of(PermissionMatrix.All.Where(permission => permission.WireName() == rule[1])) : PermissionSet.None;
            Assert.Equal(expected, await StatusAsync(function, new MemberCaller("k", "acme", held) { Scopes = rule.Length > 1 ? its : all }));
            if (rule.Length > 1)
                Assert.Equal(403, await StatusAsync(function, new MemberCaller("k", "acme", held) { Scopes = all.Except(its) }));
        }

        var stranger = rule[0] switch { "public" or "inside" => 200, "operator" when !tenantInPath => 403, _ => 404 };
        Assert.Equal(stranger, await StatusAsync(function, new MemberCaller("k", "other", Role.Owner)));
        Assert.Equal(stranger, await PersonAsync(function, null));
        Assert.Equal(stranger, await StatusAsync(function, new AgentCaller("a2", "acme")));
        Assert.Equal(rule[0] == "agent" ? 200 : stranger, await StatusAsync(function, new AgentCaller("a1", "acme")));
        Assert.Equal(rule[0] == "public" ? 200 : 503, await StatusAsync(function, new UndecidedCaller(Refusals.IssuerUnavailable)));
    }

    private Task<int> PersonAsync(string function, Role? role)
    {
        _tables.Put(Ports.Table.Tenants, new TableRow("acme", MemberRow.Key("nobody"), new Columns { ["role"] = "owner" }));
        if (role is { } held)
            _tables.Put(Ports.Table.Tenants, MemberRow.Write("acme", new Member("ada", held, null, _clock.GetUtcNow())));
        return StatusAsync(function, new PersonCaller(role is null ? "eve" : "ada", new Memberships(_tables, _clock)));
    }

    private async Task<int> StatusAsync(string function, Caller? caller)
    {
        var middleware = new AccessMiddleware(
            AccessCatalog.OfTheApp(),
            new CredentialChain([new Fixed(caller)]),
            new RequestRate(new HeadgateOptions()),
            new AuditTrail(_tables, new NewestFirstIds(new SequenceRandom()), _clock, NullLogger<AuditTrail>.Instance),
            new AuditChain(_tables, _clock, NullLogger<AuditChain>.Instance));
        var values = HttpFunction.OfTheApp().Single(each => each.Name == function).Route.Split('/')
            .Where(part => part.StartsWith('{') && !part.Contains('*') && !part.Contains('?'))
            .Select(part => (part.Trim('{', '}'), part switch { "{tenantId}" => "acme", "{agentId}" => "a1", _ => "x1" }));
        var exchange = new Exchange("GET", "/", "", [.. values]).WithKey("token");
        await middleware.Invoke(new FakeInvocation(function, exchange.Http), _ =>
        {
            exchange.Http.Response.StatusCode = 200;
            return Task.CompletedTask;
        });
        return exchange.Status;
    }

    private sealed class Fixed(Caller? caller) : ICredentialVerifier
    {
        public bool Recognises(ReadOnlySpan<char> token) => true;

        public ValueTask<Caller?> VerifyAsync(ReadOnlySpan<char> token, CancellationToken cancellationToken) => new(caller);
    }
}
