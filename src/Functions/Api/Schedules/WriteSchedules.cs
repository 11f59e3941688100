using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Core.Identity;
using Headgate.Functions.Admission;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Schedules;

/// <summary>
/// <c>PUT</c> and <c>DELETE /tenants/{t}/schedules/{name}</c>. The run is checked as if it were submitted now. What changes nothing writes nothing.
/// </summary>
public sealed class WriteSchedules(ITableStore tables, TenantGate gate, AgentReader agents, NewestFirstIds ids, TimeProvider clock)
{
    private const int RaceTries = 16;

    [Function("PutSchedule"), Access(Permission.SettingsUpdate), Audits(AuditAction.ScheduleWritten, Itself = true)]
    [Does("Write a schedule"), Takes(typeof(ScheduleRequest)), Answers(201, typeof(ScheduleView), "Location"), Answers(200, typeof(ScheduleView)), Refuses("schedule-limit busy")]
    public async Task<IActionResult> PutAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "tenants/{tenantId}/schedules/{name}")] HttpRequest request,
        string tenantId,
        string name,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        if (body.Refusal is { } bad)
            return Reply.Refused(bad);
        var fields = ObjectReader.Root(body);
        var definition = ScheduleFields.Read(fields, clock.GetUtcNow());
        fields.End();
        if (!Grammar.IsPolicyName(name))
            fields.Problem("name", TextRule.PolicyName.Message);
        await RunChecks.CheckPinsAsync(agents, tenantId, definition.Run, fields.Problems, ScheduleFields.RunPath, cancellationToken);

        // With problems too: the gate, which knows the tenant's policies, adds those of the run.
        var (outcome, refusal) = await ApplyAsync(tenantId, () => new PutSchedule(tables, tenantId, name, definition, fields.Problems, Author(context), ids));
        if (refusal is not null)
            return Reply.Refused(refusal);
        var reply = Reply.Json(outcome!.IsNew ? 201 : 200, ScheduleViews.Whole(outcome.Schedule!), ContractJson.Default.ScheduleView);
        return outcome.IsNew ? reply.WithHeader("Location", ScheduleViews.Self(tenantId, name)) : reply;
    }

    [Function("DeleteSchedule"), Access(Permission.SettingsUpdate), Audits(AuditAction.ScheduleDeleted, Itself = true)]
    [Does("Delete a schedule"), Answers(204), Refuses("schedule-not-found busy")]
    public async Task<IActionResult> DeleteAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "tenants/{tenantId}/schedules/{name}")] HttpRequest request,
        string tenantId,
        string name,
        FunctionContext context)
    {
        var (_, refusal) = await ApplyAsync(tenantId, () => new RemoveSchedule(tables, tenantId, name, Author(context), ids));
        return refusal is null ? Reply.NoContent() : Reply.Refused(refusal);
    }

    private static ScheduleAuthor Author(FunctionContext context) => new(context.Caller().Actor, context.RequestId());

    private async ValueTask<(ScheduleOutcome? Outcome, Refusal? Refusal)> ApplyAsync(string tenantId, Func<ScheduleChange> change)
    {
        for (var tries = 0; tries < RaceTries; tries++)
        {
            var result = await gate.SubmitAsync(tenantId, change());
            // It was fired meanwhile.
            if (result.Status != GateStatus.Conflict)
                return (result.Value, GateRefusals.Of(result.Status, tenantId) ?? result.Value!.Refusal);
        }

        return (null, Refusals.Busy);
    }
}
