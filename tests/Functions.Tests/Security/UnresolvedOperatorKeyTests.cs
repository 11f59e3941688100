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

/// <summary>The app runs while the vault has not given it the operator's key: who may be the operator is told to come back, all others are served.</summary>
public sealed class UnresolvedOperatorKeyTests
{
    private const string Operator = "hg_ops_0123456789abcdef0123456789abcdef";
    private const string Weak = "hg_ops_0123456789abcdef";
    private const string Member = "hg_admin_0123456789abcdef0123456789abcdeX";
    private const string WrongSecret = "hg_admin_0123456789abcdef0123456789abcdeY";

    private readonly MemoryTables _tables = new();
    private readonly ManualClock _clock = new();

    public UnresolvedOperatorKeyTests()
    {
        Assert.True(ApiKey.TryParse(Member, out _, out var secret));
        _tables.Put(Table.Keys, new KeyRecord("admin", new MemberCaller("admin", "acme", Role.Admin), ApiKey.Hash(secret), "admin", _clock.GetUtcNow(), null).ToRow());
    }

    [Theory]
    [InlineData("@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/operator-key)", true)]
    [InlineData("@microsoft.keyvault(VaultName=kv;SecretName=operator-key)", true)]
    [InlineData("", true)]
    [InlineData(Operator, false)]
    [InlineData("short", false)]
    public void Is_Setting_TellsAReferenceFromAKey(string setting, bool expected) => Assert.Equal(expected, UnresolvedOperatorKey.Is(setting));

    [Theory]
    [InlineData(Operator, 503)]
    [InlineData(Weak, 401)]
    [InlineData(Member, 200)]
    [InlineData(WrongSecret, 401)]
    [InlineData("", 401)]
    public async Task Invoke_KeyUnresolved_OnlyWhoMayBeTheOperatorIsToldToComeBack(string key, int status)
    {
        var exchange = await InvokeAsync(key, new UnresolvedOperatorKey(NullLogger<UnresolvedOperatorKey>.Instance));

        Assert.Equal(status, exchange.Status);
    }

    [Fact]
    public async Task Invoke_KeyUnresolved_RefusalSaysWhenToComeBack()
    {
        var exchange = await InvokeAsync(Operator, new UnresolvedOperatorKey(NullLogger<UnresolvedOperatorKey>.Instance));

        Assert.Equal("30", exchange.Headers.RetryAfter);
        Assert.Equal(
            """{"error":"The operator's key is not known yet. Try again later.","code":"operator-key-unresolved","retryAfter":30,"requestId":"request-1"}""",
            await exchange.AnswerAsync());
    }

    [Fact]
    public async Task Invoke_NoKeyAskedFor_StrangerIsUnauthenticated() => Assert.Equal(401, (await InvokeAsync(Operator, null)).Status);

    private async Task<Exchange> InvokeAsync(string key, UnresolvedOperatorKey? unresolved)
    {
        var verifier = new ApiKeyVerifier(new KeyStore(_tables, _clock), new KeyUses(_tables, _clock), _clock, [], unresolved);
        var middleware = new AccessMiddleware(
            new AccessCatalog(HttpFunction.In([typeof(Functions)])),
            new CredentialChain([verifier]),
            new RequestRate(new HeadgateOptions()),
            new AuditTrail(_tables, new NewestFirstIds(new SequenceRandom()), _clock, NullLogger<AuditTrail>.Instance),
            new AuditChain(_tables, _clock, NullLogger<AuditChain>.Instance));
        var exchange = new Exchange("GET", "/tenants/acme/x", "", ("tenantId", "acme"));
        if (key.Length > 0)
            exchange.WithKey(key);
        await middleware.Invoke(new FakeInvocation("Read", exchange.Http), _ =>
        {
            exchange.Http.Response.StatusCode = 200;
            return Task.CompletedTask;
        });
        return exchange;
    }

    private static class Functions
    {
        [Function("Read"), Access(Permission.RunRead)]
        public static void Read([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "tenants/{tenantId}/x")] HttpRequest request) => _ = request;
    }
}
