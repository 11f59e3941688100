using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Core.Identity;
using Headgate.Core.Resources;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Resources;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tasks.Resources;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Resources;

/// <summary>
/// <c>PUT /tenants/{t}/resources/{name}</c>, <c>POST …/hold</c> and <c>POST …/release</c>. What runs goes on whatever is changed; a limit counts what is
/// handed out from then on. Rules that are written as they stand are not written again.
/// </summary>
public sealed class WriteResources(TenantReader tenants, ResourceReader resources, ResourceBook book, NewestFirstIds ids, TimeProvider clock)
{
    /// <summary>Of one tenant, those that somebody gave rules or holds.</summary>
    public const int MaxResources = 500;

    [Function("PutResource"), Access(Permission.SettingsUpdate), Audits(AuditAction.ResourceWritten, Itself = true)]
    [Does("Set the rules of a resource"), Takes(typeof(ResourceRequest)), Answers(200, typeof(ResourceView)), Refuses("resource-limit busy")]
    public async Task<IActionResult> PutAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "tenants/{tenantId}/resources/{name}")] HttpRequest request,
        string tenantId,
        string name,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        if (body.Refusal is { } bad)
            return Reply.Refused(bad);
        var fields = ObjectReader.Root(body);
        var rules = ResourceFields.Read(fields);
        fields.End();
        if (!Grammar.IsPolicyName(name))
            fields.Problem("name", TextRule.PolicyName.Message);
        if (fields.Problems.Any)
            return Reply.Refused(Refusals.InvalidBody(fields.Problems));
        if (await tenants.StatusAsync(tenantId, cancellationToken) is null)
            return Reply.Refused(Refusals.TenantNotFound(tenantId));
        if (await IsOneTooManyAsync(tenantId, name, cancellationToken))
            return Reply.Refused(TooMany());

        return await ChangeAsync(
            context, tenantId, name, AuditAction.ResourceWritten, null, (resource, _) => resource.Own?.IsSameAs(rules) == true ? resource : resource.With(rules));
    }

    [Function("HoldResource"), Access(Permission.SettingsUpdate), Audits(AuditAction.ResourceHeld, Itself = true)]
    [Does("Hold a resource: nothing goes to it"), Takes(typeof(ReasonRequest))]
    [Answers(200, typeof(ResourceView)), Refuses("resource-not-found already-held resource-limit busy")]
    public async Task<IActionResult> HoldAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants/{tenantId}/resources/{name}/hold")] HttpRequest request,
        string tenantId,
        string name,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        var (reason, refusal) = await ReasonField.ReadAsync(request, required: true, cancellationToken);
        if (refusal is not null)
            return Reply.Refused(refusal);
        if (!Grammar.IsPolicyName(name))
            return Reply.Refused(ResourceReplies.NotFound(name));
        if (await tenants.StatusAsync(tenantId, cancellationToken) is null)
            return Reply.Refused(Refusals.TenantNotFound(tenantId));
        if ((await resources.ReadAsync(tenantId, name, cancellationToken)).Resource.Phase == ResourcePhase.Held)
            return Reply.Refused(Conflict("already-held", "Resource is already held", ResourcePhase.Held));
        if (await IsOneTooManyAsync(tenantId, name, cancellationToken))
            return Reply.Refused(TooMany());

        var actor = context.Caller().Actor;
        return await ChangeAsync(
            context, tenantId, name, AuditAction.ResourceHeld, reason, (resource, now) => resource.Phase == ResourcePhase.Held ? resource : resource.Hold(reason!, actor, now));
    }

    [Function("ReleaseResource"), Access(Permission.SettingsUpdate), Audits(AuditAction.ResourceReleased, Itself = true)]
    [Does("Release a resource"), Takes(typeof(OptionalReasonRequest))]
    [Answers(200, typeof(ResourceView)), Refuses("resource-not-found not-held busy")]
    public async Task<IActionResult> ReleaseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants/{tenantId}/resources/{name}/release")] HttpRequest request,
        string tenantId,
        string name,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        var (reason, refusal) = await ReasonField.ReadAsync(request, required: false, cancellationToken);
        if (refusal is not null)
            return Reply.Refused(refusal);
        if (await tenants.StatusAsync(tenantId, cancellationToken) is null)
            return Reply.Refused(Refusals.TenantNotFound(tenantId));
        if (await resources.FindAsync(tenantId, name, cancellationToken) is not { } stored)
            return Reply.Refused(ResourceReplies.NotFound(name));
        if (stored.Resource.Phase == ResourcePhase.Closed)
            return Reply.Refused(Conflict("not-held", "Resource is not held", ResourcePhase.Closed));

        return await ChangeAsync(context, tenantId, name, AuditAction.ResourceReleased, reason, (resource, now) => resource.Release(now));
    }

    private async Task<Reply> ChangeAsync(
        FunctionContext context, string tenantId, string name, AuditAction action, string? reason, Func<Resource, DateTimeOffset, Resource> decide)
    {
        var (actor, requestId) = (context.Caller().Actor, context.RequestId());
        var changed = await book.ChangeAsync(
            new(tenantId, name),
            resource => decide(resource, book.Now),
            () => new AuditEntry(tenantId, clock.GetUtcNow(), actor, action, name, reason, requestId).ToBatch(ids));
        return changed is null ? Reply.Refused(Refusals.Busy) : Reply.Ok(ResourceReplies.View(changed, null), ContractJson.Default.ResourceView);
    }

    private async ValueTask<bool> IsOneTooManyAsync(string tenantId, string name, CancellationToken cancellationToken)
    {
        if (await resources.FindAsync(tenantId, name, cancellationToken) is { } stored && Counts(stored))
            return false;
        var (count, after, more) = (0, (string?)null, true);
        while (more)
        {
            (var page, more) = await resources.PageAsync(tenantId, after, 1000, cancellationToken);
            count += page.Count(Counts);
            after = page.LastOrDefault()?.Name;
        }

        return count >= MaxResources;
    }

    private static bool Counts(StoredResource stored) => stored.Resource.Own is not null || stored.Resource.By is not null;

    private static Refusal TooMany() => new Refusal(409, "resource-limit", "Resource limit reached").With("limit", MaxResources);

    private static Refusal Conflict(string code, string error, ResourcePhase phase) => new Refusal(409, code, error).With("state", phase.WireName());
}
