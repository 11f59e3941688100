using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Functions.Security;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Members;

/// <summary><c>GET /tenants/{t}/members</c> and <c>GET /tenants/{t}/members/{subject}</c></summary>
public sealed class ReadMembers(ITableStore tables, TenantReader tenants)
{
    [Function("ListMembers"), Access(Permission.MemberRead), Query(QueryAttribute.Limit, QueryAttribute.After)]
    [Does("List members"), Answers(200, typeof(Page<MemberView>))]
    public async Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}/members")] HttpRequest request, string tenantId, CancellationToken cancellationToken)
    {
        if (Paging.Read(request, $"members:{tenantId}", out var refusal) is not { } paging)
            return Reply.Refused(refusal!);
        if (await tenants.ReadAsync(tenantId, cancellationToken) is null)
            return Reply.Refused(Refusals.TenantNotFound(tenantId));

        var page = await ListPage.ReadAsync(tables, Table.Tenants, tenantId, RowKeys.MemberPrefix, paging, cancellationToken);
        return Reply.Ok(new Page<MemberView>([.. page.Rows.Select(row => View(MemberRow.Read(row)))], page.Next), ContractJson.Default.PageMemberView);
    }

    [Function("ReadMember"), Access(Permission.MemberRead)]
    [Does("Read a member"), Answers(200, typeof(MemberView))]
    public async Task<IActionResult> ReadAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}/members/{subject}")] HttpRequest request,
        string tenantId,
        string subject,
        CancellationToken cancellationToken)
    {
        if (await tables.GetAsync(Table.Tenants, tenantId, MemberRow.Key(subject), cancellationToken) is { } row)
            return Reply.Ok(View(MemberRow.Read(row)), ContractJson.Default.MemberView);
        return Reply.Refused(await tenants.ReadAsync(tenantId, cancellationToken) is null ? Refusals.TenantNotFound(tenantId) : Refusals.MemberNotFound(subject));
    }

    internal static MemberView View(Member member) => new(member.Subject, member.Role.WireName(), member.Name, member.AddedAt);
}
