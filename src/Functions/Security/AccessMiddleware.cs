using Headgate.Core.Access;
using Headgate.Core.Identity;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Headgate.Functions.Security;

/// <summary>
/// Lets an HTTP request through to its function, or answers it: what no rule allows is refused. Invocations by queue, timer
/// and orchestration have no caller and pass.
/// </summary>
public sealed class AccessMiddleware(AccessCatalog catalog, CredentialChain credentials, RequestRate rate, AuditTrail audit, AuditChain chain) : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http)
            return next(context);

        var entry = catalog.Find(context.FunctionDefinition.Name);
        if (entry?.Rule is PublicAttribute)
            return next(context);

        var identity = credentials.IdentifyAsync(http.Request, context.CancellationToken);
        if (!identity.IsCompletedSuccessfully)
            return IdentifyFirstAsync(identity, context, http, entry, next);
        var caller = identity.Result;
        return caller is PersonCaller ? PlaceFirstAsync(caller, context, http, entry, next) : PassOrRefuse(context, http, entry, caller, next);
    }

    private async Task IdentifyFirstAsync(
        ValueTask<Caller?> identity, FunctionContext context, HttpContext http, AccessCatalog.Entry? entry, FunctionExecutionDelegate next) =>
        await PlaceFirstAsync(await identity, context, http, entry, next);

    // A person is a member of the tenant in the path, or of none that matters here.
    private async Task PlaceFirstAsync(Caller? caller, FunctionContext context, HttpContext http, AccessCatalog.Entry? entry, FunctionExecutionDelegate next)
    {
        if (caller is PersonCaller && TenantOf(http.Request) is { } tenantId && Grammar.IsTenantId(tenantId))
            caller = await caller.InAsync(tenantId, context.CancellationToken);
        await PassOrRefuse(context, http, entry, caller, next);
    }

    private Task PassOrRefuse(FunctionContext context, HttpContext http, AccessCatalog.Entry? entry, Caller? caller, FunctionExecutionDelegate next)
    {
        if ((caller is null ? null : rate.Take(caller, http.Response)) is { } tooMany)
        {
            Reply.Refused(tooMany).Write(http);
            return Task.CompletedTask;
        }

        if (Refuse(http.Request, entry, caller) is { } refusal)
        {
            Reply.Refused(refusal).Write(http);
            return Task.CompletedTask;
        }

        http.Admit(caller!);
        return entry!.Audits switch
        {
            { Itself: true } => ChainAsync(context, http.Request, next),
            { } audits when caller is OperatorCaller => AuditAsync(context, http, audits.Action, caller, next),
            _ => next(context),
        };
    }

    // What an operator does besides, submissions above all, is left to the next look: chaining costs more than the row itself.
    private async Task ChainAsync(FunctionContext context, HttpRequest request, FunctionExecutionDelegate next)
    {
        await next(context);
        if (TenantOf(request) is { } tenantId && Grammar.IsTenantId(tenantId))
            chain.ChainLater(tenantId);
    }

    private async Task AuditAsync(FunctionContext context, HttpContext http, AuditAction action, Caller caller, FunctionExecutionDelegate next)
    {
        await next(context);
        var returned = context is IAnsweredInvocation { Result: var result } ? result : context.GetInvocationResult().Value;
        if (returned is Reply reply)
            await audit.WriteAsync(http, action, caller, reply);
    }

    private static Refusal? Refuse(HttpRequest request, AccessCatalog.Entry? entry, Caller? caller)
    {
        if (caller is null)
            return Refusals.Unauthenticated;
        if (caller is UndecidedCaller undecided)
            return undecided.Answer;
        if (RouteIds.Refuse(request.RouteValues) is { } unusable)
            return unusable;

        return entry?.Rule switch
        {
            AccessAttribute rule => caller.Refuse(rule.Permission, TenantOf(request)),
            OperatorOnlyAttribute => caller.Refuse(Permission.PlatformOperate, TenantOf(request)),
            AgentOnlyAttribute => request.RouteValues["agentId"] is string id && caller is AgentCaller agent && agent.AgentId == id
                ? null
                : Refusals.AgentNotFound(request.RouteValues["agentId"] as string ?? ""),
            CheckedInsideAttribute => null,
            _ => Refusals.RouteNotFound,
        };
    }

    private static string? TenantOf(HttpRequest request) => request.RouteValues["tenantId"] as string;
}
