using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Core.Identity;
using Headgate.Core.Validation;
using Headgate.Functions.Security;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Members;

/// <summary><c>GET /me</c>: who calls, and what they may do. A person may be of several tenants, and names the one it asks about.</summary>
public static class ReadMe
{
    [Function("ReadMe"), CheckedInside, Query("tenant")]
    [Does("Tell who calls"), Answers(200, typeof(MeView)), Refuses("tenant-not-found")]
    public static async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "me")] HttpRequest request, FunctionContext context, CancellationToken cancellationToken)
    {
        var problems = UnknownParameters.ProblemsOf(request);
        var tenantId = Paging.Single(request, "tenant", problems);
        if (tenantId is not null && !Grammar.IsTenantId(tenantId))
            problems.Add("tenant", TextRule.TenantId.Message);
        if (problems.Any)
            return Reply.Refused(Refusals.InvalidRequest(problems));

        var caller = await context.Caller().InAsync(tenantId, cancellationToken);
        if (tenantId is not null && caller is not OperatorCaller && TenantOf(caller) != tenantId)
            return Reply.Refused(Refusals.TenantNotFound(tenantId));
        return Reply.Ok(
            new MeView(
                caller.Kind,
                caller.Subject,
                TenantOf(caller),
                (caller as MemberCaller)?.Role.WireName(),
                [.. caller.Permissions.Items().Select(permission => permission.WireName())],
                caller.ExpiresAt),
            ContractJson.Default.MeView);
    }

    private static string? TenantOf(Caller caller) => caller switch
    {
        MemberCaller member => member.TenantId,
        AgentCaller agent => agent.TenantId,
        _ => null,
    };
}
