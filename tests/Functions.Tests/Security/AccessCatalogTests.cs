using Headgate.Core.Access;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Xunit;

namespace Headgate.Functions.Tests.Security;

public sealed class AccessCatalogTests
{
    [Fact]
    public void OfTheApp_EveryHttpFunction_Guarded() => Assert.NotNull(AccessCatalog.OfTheApp());

    [Fact]
    public void Find_KnownAndUnknown_RuleOrNothing()
    {
        var catalog = new AccessCatalog(HttpFunction.In([typeof(Good)]));

        Assert.Equal(Permission.RunRead, Assert.IsType<AccessAttribute>(catalog.Find("ReadRun")!.Rule).Permission);
        Assert.Null(catalog.Find("ReadRun")!.Audits);
        Assert.Equal((AuditAction.TenantPaused, true), (catalog.Find("PauseTenant")!.Audits!.Action, catalog.Find("PauseTenant")!.Audits!.Itself));
        Assert.Null(catalog.Find("Sweep"));
        Assert.Null(catalog.Find("readrun"));
    }

    [Fact]
    public void Constructor_BadFunctions_EveryOneNamed()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => new AccessCatalog(HttpFunction.In([typeof(Good), typeof(Bad)])));

        Assert.Equal(
            """
            Functions cannot be guarded:
            Unguarded: must carry exactly one access attribute, not 0
            Twice: must carry exactly one access attribute, not 2
            Astray: must have {tenantId} in its route 'runs'
            Nobody: must have {agentId} in its route 'agents/{id}'
            Silent: writes for operators and must say what it audits
            Loud: must not say what it audits: it writes nothing for operators
            ReadRun: is the name of two functions
            """,
            failure.Message);
    }

    private static class Good
    {
        [Function("ReadRun"), Access(Permission.RunRead)]
        public static void ReadRun([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "tenants/{tenantId}/runs")] HttpRequest request) => _ = request;

        [Function("PauseTenant"), OperatorOnly, Audits(AuditAction.TenantPaused, Itself = true)]
        public static void PauseTenant([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "pause")] HttpRequest request) => _ = request;

        [Function("Sweep")]
        public static void Sweep([TimerTrigger("%LeaseSweep%")] TimerInfo timer) => _ = timer;
    }

    private static class Bad
    {
        [Function("Unguarded")]
        public static void Unguarded([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "a")] HttpRequest request) => _ = request;

        [Function("Twice"), Public, OperatorOnly]
        public static void Twice([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "b")] HttpRequest request) => _ = request;

        [Function("Astray"), Access(Permission.RunRead)]
        public static void Astray([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "runs")] HttpRequest request) => _ = request;

        [Function("Nobody"), AgentOnly]
        public static void Nobody([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "agents/{id}")] HttpRequest request) => _ = request;

        [Function("Silent"), CheckedInside]
        public static void Silent([HttpTrigger(AuthorizationLevel.Anonymous, "get", "delete", Route = "d")] HttpRequest request) => _ = request;

        [Function("Loud"), OperatorOnly, Audits(AuditAction.KeyRevoked)]
        public static void Loud([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "e")] HttpRequest request) => _ = request;

        [Function("ReadRun"), Public]
        public static void Again([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "c")] HttpRequest request) => _ = request;
    }
}
