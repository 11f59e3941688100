using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Functions.Admission;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Members;

/// <summary><c>PUT</c> and <c>DELETE /tenants/{t}/members/{subject}</c>. What changes nothing writes nothing.</summary>
public sealed class WriteMembers(ITableStore tables, TenantGate gate, Memberships memberships, NewestFirstIds ids)
{
    private static readonly TextRule s_roleName = TextRule.OneOf([.. Roles.All]);

    [Function("PutMember"), Access(Permission.MemberInvite), Audits(AuditAction.MemberAdded, Itself = true)]
    [Does("Add or change a member"), Takes(typeof(MemberRequest))]
    [Answers(200, typeof(MemberView)), Answers(201, typeof(MemberView), "Location"), Refuses("being-removed last-owner member-limit busy")]
    public async Task<IActionResult> PutAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "tenants/{tenantId}/members/{subject}")] HttpRequest request,
        string tenantId,
        string subject,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        if (body.Refusal is { } bad)
            return Reply.Refused(bad);
        var fields = ObjectReader.Root(body);
        _ = Roles.TryParse(fields.String("role", s_roleName, required: true), out var role);
        var name = fields.String("name", TextRule.DisplayName);
        fields.End();
        if (fields.Problems.Any)
            return Reply.Refused(Refusals.InvalidBody(fields.Problems));

        var change = new PutMember(tables, tenantId, subject, context.Caller(), role, name, context.RequestId(), ids);
        var (outcome, refusal) = await ApplyAsync(tenantId, subject, change);
        if (refusal is not null)
            return Reply.Refused(refusal);
        var reply = Reply.Json(outcome!.IsNew ? 201 : 200, ReadMembers.View(outcome.Member!), ContractJson.Default.MemberView);
        return outcome.IsNew ? reply.WithHeader("Location", $"/tenants/{tenantId}/members/{Uri.EscapeDataString(subject)}") : reply;
    }

    /// <summary>Out at once in this process, in others within 5 seconds. Keys that the member had made stay.</summary>
    [Function("DeleteMember"), Access(Permission.MemberRemove), Audits(AuditAction.MemberRemoved, Itself = true)]
    [Does("Remove a member"), Answers(204), Refuses("being-removed last-owner busy")]
    public async Task<IActionResult> DeleteAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "tenants/{tenantId}/members/{subject}")] HttpRequest request,
        string tenantId,
        string subject,
        FunctionContext context)
    {
        var change = new RemoveMember(tables, tenantId, subject, context.Caller(), context.RequestId(), ids);
        var (_, refusal) = await ApplyAsync(tenantId, subject, change);
        return refusal is null ? Reply.NoContent() : Reply.Refused(refusal);
    }

    private async ValueTask<(MemberOutcome? Outcome, Refusal? Refusal)> ApplyAsync(string tenantId, string subject, MemberChange change)
    {
        var result = await gate.SubmitAsync(tenantId, change);
        memberships.Forget(tenantId, subject);
        return (result.Value, GateRefusals.Of(result.Status, tenantId) ?? result.Value!.Refusal);
    }
}
