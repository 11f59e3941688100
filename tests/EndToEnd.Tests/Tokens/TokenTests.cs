using System.Net;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests.Tokens;

/// <summary>Callers with tokens of an issuer, on a clock in hand. It starts at 2030-01-01T00:00:00Z.</summary>
public sealed class TokenTests : IAsyncLifetime
{
    private const string Tenant = "acme";

    private readonly ManualClock _clock = new();
    private LocalIssuer _issuer = null!;
    private LocalService _service = null!;

    public async Task InitializeAsync()
    {
        _issuer = await LocalIssuer.StartAsync(_clock);
        _service = await StartAsync(_issuer, _clock);
        await _service.Client.CreateTenantAsync(Tenant);
        await _service.Client.CallAsync("PUT", $"/tenants/{Tenant}/members/ada", """{"role":"admin"}""");
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task Token_OfAMember_MayWhatItsRoleMay()
    {
        using var ada = Client(_issuer.Token("ada"));

        Assert.Equal(HttpStatusCode.OK, (await ada.ReadAsync($"/tenants/{Tenant}/keys")).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await ada.SubmitAsync(Tenant)).Status);
        Refused.With(403, "insufficient-permission", await ada.CallAsync("POST", $"/tenants/{Tenant}/suspend", """{"reason":"r"}"""));
        Refused.With(403, "insufficient-permission", await ada.ReadAsync("/queues"));
        var me = (await ada.ReadAsync($"/me?tenant={Tenant}")).Done;
        Assert.Equal(("member", "ada", "admin"), ((string?)me["kind"], (string?)me["subject"], (string?)me["role"]));
        Assert.Equal("2030-01-01T01:00:00.000Z", (string?)me["expiresAt"]);
        Assert.Equal("[]", (await ada.ReadAsync("/me")).Done["permissions"]!.ToJsonString());
        await ada.CallAsync("POST", $"/tenants/{Tenant}/pause");
        Assert.Equal("user:ada", (string?)(await ada.ReadAsync($"/tenants/{Tenant}/audit")).Done["items"]![0]!["actor"]);
    }

    [Fact]
    public async Task Token_OfNoMember_FindsNothingAnywhere()
    {
        await _service.Client.CreateTenantAsync("other");
        var agent = await Agent.RegisterAsync(_service.Client, _service.NewClient, "agent", tenant: "other");
        var run = await _service.Client.SubmitAsync("other");
        using var ada = Client(_issuer.Token("ada"));

        Refused.With(404, "tenant-not-found", await ada.ReadAsync("/tenants/other"));
        Refused.With(404, "tenant-not-found", await ada.ReadAsync("/agents?tenant=other"));
        Refused.With(404, "task-not-found", await ada.ReadAsync($"/tasks/{run.RunId}.one"));
        Refused.With(404, "agent-not-found", await ada.ReadAsync($"/agents/{agent.Id}"));
        Refused.With(404, "tenant-not-found", await ada.CallAsync("POST", "/a2a/foreman", """{"tenantId":"other","runType":"noop"}"""));
        Refused.With(404, "tenant-not-found", await ada.ReadAsync("/me?tenant=other"));
        Refused.With(404, "agent-not-found", await ada.CallAsync("POST", $"/agents/{agent.Id}/heartbeat", "{}"));
    }

    [Fact]
    public async Task Token_OfAMember_WorksWhereNoPathNamesTheTenant()
    {
        var agent = await Agent.RegisterAsync(_service.Client, _service.NewClient, "agent", tenant: Tenant);
        using var ada = Client(_issuer.Token("ada"));

        Assert.Equal(HttpStatusCode.Accepted, (await ada.CallAsync("POST", "/a2a/foreman", $$"""{"tenantId":"{{Tenant}}","runType":"noop"}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await ada.ReadAsync($"/agents/{agent.Id}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await ada.ReadAsync($"/agents?tenant={Tenant}")).Status);
        Assert.Equal(HttpStatusCode.Created, (await ada.PostAsync("/agents", AgentKit.Profile("mine", Tenant, "noop"))).Status);
        var task = await agent.ClaimOneAsync();
        Assert.Equal(HttpStatusCode.OK, (await ada.ReadAsync($"/tasks/{task["taskId"]}")).Status);
    }

    [Fact]
    public async Task Token_WithTheOperatorsRole_IsTheOperator()
    {
        using var ops = Client(_issuer.Token("ops", claims => claims["roles"] = new JsonArray("Reader", "Headgate.Operator")));
        using var other = Client(_issuer.Token("ops2", claims => claims["roles"] = "Headgate.operator"));

        Assert.Equal(HttpStatusCode.OK, (await ops.ReadAsync("/queues")).Status);
        Assert.Equal("operator", (string?)(await ops.ReadAsync("/me")).Done["kind"]);
        Refused.With(403, "insufficient-permission", await other.ReadAsync("/queues"));
    }

    public static TheoryData<string> BadTokens { get; } = ["none", "none-capital", "shared-secret", "other-algorithm", "mis-signed", "other-body", "no-kid", "wrong-kid", "other-issuer", "other-audience", "no-audience", "no-expiry", "expired", "not-yet", "no-subject", "subject-of-no-row", "number-subject", "cut", "no-json"];

    [Theory, MemberData(nameof(BadTokens))]
    public async Task Token_ThatIsNoGood_Is401(string kind)
    {
        var foreign = new LocalIssuer.SigningKey(_issuer.Newest.Id);
        var good = _issuer.Token("ada");
        var token = kind switch
        {
            "none" => _issuer.Token("ada", header: head => head["alg"] = "none"),
            "none-capital" => _issuer.Token("ada", header: head => head["alg"] = "None"),
            "shared-secret" => _issuer.Token("ada", header: head => head["alg"] = "HS256"),
            "other-algorithm" => _issuer.Token("ada", header: head => head["alg"] = "RS512"),
            "mis-signed" => _issuer.Token("ada", key: foreign),
            "other-body" => $"{good.Split('.')[0]}.{_issuer.Token("eve").Split('.')[1]}.{good.Split('.')[2]}",
            "no-kid" => _issuer.Token("ada", header: head => head.Remove("kid")),
            "wrong-kid" => _issuer.Token("ada", header: head => head["kid"] = "other"),
            "other-issuer" => _issuer.Token("ada", claims => claims["iss"] = "https://evil.example"),
            "other-audience" => _issuer.Token("ada", claims => claims["aud"] = "api://other"),
            "no-audience" => _issuer.Token("ada", claims => claims.Remove("aud")),
            "no-expiry" => _issuer.Token("ada", claims => claims.Remove("exp")),
            "expired" => _issuer.Token("ada", lifeSeconds: -61),
            "not-yet" => _issuer.Token("ada", claims => claims["nbf"] = _clock.GetUtcNow().AddSeconds(62).ToUnixTimeSeconds()),
            "no-subject" => _issuer.Token("ada", claims => claims.Remove("sub")),
            "subject-of-no-row" => _issuer.Token("a/b"),
            "number-subject" => _issuer.Token("ada", claims => claims["sub"] = new JsonArray("ada")),
            "cut" => good[..^1] + (good[^1] == 'A' ? 'Q' : 'A'),
            _ => "eyJ.eyJ.eyJ",
        };
        // The last character of a signature of 256 bytes has two bits that mean nothing.
        if (kind == "cut")
            token = good[..^8];
        using var client = Client(token);

        Refused.With(401, "unauthenticated", await client.ReadAsync($"/tenants/{Tenant}"));
    }

    [Fact]
    public async Task Token_WithinTheSkew_IsGoodUntilItEnds()
    {
        using var late = Client(_issuer.Token("ada", lifeSeconds: 10));
        using var early = Client(_issuer.Token("ada", claims => claims["nbf"] = _clock.GetUtcNow().AddSeconds(59).ToUnixTimeSeconds()));
        Assert.Equal(HttpStatusCode.OK, (await early.ReadAsync($"/tenants/{Tenant}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await late.ReadAsync($"/tenants/{Tenant}")).Status);

        _clock.Advance(TimeSpan.FromSeconds(69));
        Assert.Equal(HttpStatusCode.OK, (await late.ReadAsync($"/tenants/{Tenant}")).Status);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Refused.With(401, "unauthenticated", await late.ReadAsync($"/tenants/{Tenant}"));
    }

    [Fact]
    public async Task Token_ThatEndsAtTheEndOfTime_IsGood()
    {
        using var client = Client(_issuer.Token("ada", claims => claims["exp"] = 253_402_300_799));

        Assert.Equal(HttpStatusCode.OK, (await client.ReadAsync($"/tenants/{Tenant}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await client.ReadAsync($"/tenants/{Tenant}")).Status);
    }

    [Fact]
    public async Task Issuer_AddsAKey_IsFollowedAndNotAskedForEachUnknownOne()
    {
        using var before = Client(_issuer.Token("ada"));
        await before.ReadAsync("/me");
        var reads = _issuer.Reads;
        for (var i = 0; i < 20; i++)
        {
            using var stranger = Client(_issuer.Token("ada", header: head => head["kid"] = $"made-up-{i}"));
            Refused.With(401, "unauthenticated", await stranger.ReadAsync("/me"));
        }

        Assert.Equal(reads, _issuer.Reads);
        _issuer.Rotate();
        using var after = Client(_issuer.Token("ada"));
        _clock.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(HttpStatusCode.OK, (await after.ReadAsync("/me")).Status);
        Assert.Equal(HttpStatusCode.OK, (await before.ReadAsync("/me")).Status);
        Assert.Equal(reads + 1, _issuer.Reads);
    }

    [Fact]
    public async Task Issuer_WithdrawsAKey_ItsRememberedTokensEnd()
    {
        using var before = Client(_issuer.Token("ada"));
        Assert.Equal(HttpStatusCode.OK, (await before.ReadAsync("/me")).Status);
        _issuer.Rotate(keepsTheOld: false);
        _clock.Advance(TimeSpan.FromSeconds(31));
        using var after = Client(_issuer.Token("ada"));
        Assert.Equal(HttpStatusCode.OK, (await after.ReadAsync("/me")).Status);

        Refused.With(401, "unauthenticated", await before.ReadAsync("/me"));
    }

    [Fact]
    public async Task Issuer_ReplacesAKeyUnderItsName_IsFollowedWithinTheHour()
    {
        using var before = Client(_issuer.Token("ada", lifeSeconds: 90_000));
        Assert.Equal(HttpStatusCode.OK, (await before.ReadAsync("/me")).Status);
        _issuer.Replace();
        using var after = Client(_issuer.Token("ada", lifeSeconds: 90_000));
        Refused.With(401, "unauthenticated", await after.ReadAsync("/me"));
        _clock.Advance(TimeSpan.FromHours(1));

        using var limit = new CancellationTokenSource(Patience.Limit);
        while ((await after.ReadAsync("/me")).Status != HttpStatusCode.OK)
            limit.Token.ThrowIfCancellationRequested();
        Refused.With(401, "unauthenticated", await before.ReadAsync("/me"));
    }

    [Fact]
    public async Task Issuer_GoesAway_KnownKeysCountForADay()
    {
        using var client = Client(_issuer.Token("ada", lifeSeconds: 200_000));
        Assert.Equal(HttpStatusCode.OK, (await client.ReadAsync("/me")).Status);
        await _issuer.DownAsync();

        _clock.Advance(TimeSpan.FromHours(23));
        using var another = Client(_issuer.Token("ada"));
        Assert.Equal(HttpStatusCode.OK, (await client.ReadAsync("/me")).Status);
        Assert.Equal(HttpStatusCode.OK, (await another.ReadAsync("/me")).Status);
        _clock.Advance(TimeSpan.FromHours(2));
        Refused.With(503, "issuer-unavailable", await client.ReadAsync("/me"));
    }

    [Fact]
    public async Task Member_Removed_IsOutAtOnce()
    {
        using var ada = Client(_issuer.Token("ada"));
        Assert.Equal(HttpStatusCode.OK, (await ada.ReadAsync($"/tenants/{Tenant}")).Status);

        await _service.Client.CallAsync("DELETE", $"/tenants/{Tenant}/members/ada");

        Refused.With(404, "tenant-not-found", await ada.ReadAsync($"/tenants/{Tenant}"));
        await _service.Client.CallAsync("PUT", $"/tenants/{Tenant}/members/ada", """{"role":"viewer"}""");
        Assert.Equal("viewer", (string?)(await ada.ReadAsync($"/me?tenant={Tenant}")).Done["role"]);
    }

    internal static Task<LocalService> StartAsync(LocalIssuer issuer, TimeProvider? clock) => LocalService.StartAsync(clock, new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Headgate:Oidc:Issuer"] = issuer.Address,
        ["Headgate:Oidc:Audience"] = LocalIssuer.Audience,
        ["Headgate:Oidc:OperatorValue"] = "Headgate.Operator",
    });

    private HttpClient Client(string token) => _service.NewClient(token);
}

/// <summary>An issuer that does not answer, on the system's clock.</summary>
public sealed class IssuerOutageTests
{
    [Fact]
    public async Task Issuer_NeverReached_Is503UntilItIsThere()
    {
        await using var issuer = await LocalIssuer.StartAsync(isUp: false);
        await using var service = await TokenTests.StartAsync(issuer, null);
        using var client = service.NewClient(issuer.Token("ada"));

        var reply = await client.ReadAsync("/me");
        Refused.With(503, "issuer-unavailable", reply);
        Assert.Equal("5", reply.Header("Retry-After"));
        Assert.Equal(HttpStatusCode.OK, (await service.Client.ReadAsync("/me")).Status);
        await issuer.UpAsync();

        await UntilAsync(client, HttpStatusCode.OK);
    }

    [Fact]
    public async Task Issuer_ThatHangs_KeepsNobodyWaitingForIt()
    {
        await using var issuer = await LocalIssuer.StartAsync();
        await using var service = await TokenTests.StartAsync(issuer, null);
        using var client = service.NewClient(issuer.Token("ada"));
        var hold = new TaskCompletionSource();
        issuer.Holds = hold.Task;

        // It is answered although the issuer never does; and many at once make one read.
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.ReadAsync("/me")));
        Assert.All(replies, reply => Refused.With(503, "issuer-unavailable", reply));
        Assert.Equal(1, issuer.Reads);
        hold.SetResult();

        await UntilAsync(client, HttpStatusCode.OK);
    }

    private static async Task UntilAsync(HttpClient client, HttpStatusCode wanted)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while ((await client.ReadAsync("/me")).Status != wanted)
            await pause.WaitForNextTickAsync(limit.Token);
    }
}
