using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Functions.Security;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Schedules;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Schedules;

/// <summary><c>GET /tenants/{t}/schedules</c> and <c>GET /tenants/{t}/schedules/{name}</c></summary>
public sealed class ReadSchedules(ITableStore tables, TenantReader tenants)
{
    [Function("ListSchedules"), Access(Permission.SettingsRead), Query(QueryAttribute.Limit, QueryAttribute.After)]
    [Does("List schedules"), Answers(200, typeof(Page<ScheduleView>))]
    public async Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}/schedules")] HttpRequest request, string tenantId, CancellationToken cancellationToken)
    {
        if (Paging.Read(request, $"schedules:{tenantId}", out var refusal) is not { } paging)
            return Reply.Refused(refusal!);
        if (await tenants.ReadAsync(tenantId, cancellationToken) is null)
            return Reply.Refused(Refusals.TenantNotFound(tenantId));

        var page = await ListPage.ReadAsync(tables, Table.Tenants, tenantId, RowKeys.SchedulePrefix, paging, ScheduleRow.WithoutRun, cancellationToken);
        return Reply.Ok(new Page<ScheduleView>([.. page.Rows.Select(row => ScheduleViews.Summary(ScheduleRow.ReadWithoutRun(row)))], page.Next), ContractJson.Default.PageScheduleView);
    }

    [Function("ReadSchedule"), Access(Permission.SettingsRead)]
    [Does("Read a schedule"), Answers(200, typeof(ScheduleView)), Refuses("schedule-not-found")]
    public async Task<IActionResult> ReadAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}/schedules/{name}")] HttpRequest request,
        string tenantId,
        string name,
        CancellationToken cancellationToken)
    {
        if (await tables.GetAsync(Table.Tenants, tenantId, RowKeys.Schedule(name), cancellationToken) is { } row)
            return Reply.Ok(ScheduleViews.Whole(ScheduleRow.Read(row)), ContractJson.Default.ScheduleView);
        return Reply.Refused(await tenants.ReadAsync(tenantId, cancellationToken) is null ? Refusals.TenantNotFound(tenantId) : ScheduleViews.NotFound(name));
    }
}
