using Headgate.Core.Schedules;
using Headgate.Core.Validation;
using Headgate.Functions.Admission;
using Headgate.Functions.Schedules;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Schedules;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;
using Headgate.Ports;

namespace Headgate.Functions.Api.Schedules;

/// <param name="Refusal">Null where it was done.</param>
/// <param name="Schedule">As it stands now; null where it is gone.</param>
/// <param name="IsNew">Was none before.</param>
internal sealed record ScheduleOutcome(Refusal? Refusal, ScheduleRecord? Schedule = null, bool IsNew = false);

/// <summary>Who changes a schedule, for the audit.</summary>
internal sealed record ScheduleAuthor(string Actor, string RequestId);

/// <summary>
/// One change among a tenant's schedules, through its gate: two at once count each other's. It loses to whoever fires the schedule meanwhile, and
/// is to be tried again.
/// </summary>
internal abstract class ScheduleChange(ITableStore tables, string tenantId, string name) : TenantOperation<ScheduleOutcome>
{
    // A later change must see what an earlier one wrote.
    public override string? ExclusiveKey => "schedules";

    protected string TenantId => tenantId;

    protected string Name => name;

    protected ScheduleRecord? Known { get; private set; }

    protected ITableStore Tables => tables;

    public override async ValueTask PrepareAsync() =>
        Known = await tables.GetAsync(Table.Tenants, tenantId, RowKeys.Schedule(name)) is { } row ? ScheduleRow.Read(row) : null;

    protected static TableBatch[] Gone(ScheduleRecord? known, DueSchedule? listed) =>
        known is not null && DueSchedule.Of(known) is { } due && due != listed ? [due.Gone()] : [];

    protected AuditEntry Audit(AuditAction action, ScheduleAuthor author, DateTimeOffset now) => new(tenantId, now, author.Actor, action, name, null, author.RequestId);
}

/// <summary>Writes a schedule. One that comes as before goes on where it is; another one begins now.</summary>
/// <param name="found">What is wrong with it already; nothing is written then.</param>
internal sealed class PutSchedule(ITableStore tables, string tenantId, string name, ScheduleDefinition definition, Problems found, ScheduleAuthor author, NewestFirstIds ids)
    : ScheduleChange(tables, tenantId, name)
{
    private int _others;

    public override async ValueTask PrepareAsync()
    {
        await base.PrepareAsync();
        if (Known is null)
            _others = (await Tables.QueryAsync(TableQuery.Prefix(Table.Tenants, TenantId, RowKeys.SchedulePrefix) with { Columns = ["createdAt"] })).Rows.Count;
    }

    public override TenantEdit<ScheduleOutcome> Decide(TenantSnapshot tenant, DateTimeOffset now)
    {
        if (tenant.Profile.RemovingAt is not null)
            return Refused(Refusals.BeingRemoved(TenantId));
        var problems = new Problems();
        foreach (var problem in found.Items)
            problems.Add(problem);
        RunChecks.WithPolicies(tenant, definition.Run, problems, ScheduleFields.RunPath);
        if (problems.Any)
            return Refused(Refusals.InvalidBody(problems));
        if (Known is null && CountedLimit.Schedules.Refuse(tenant, _others, now) is { } full)
            return Refused(full);

        if (Known is not null && definition.RulesLike(Known.Definition) && ScheduleRow.Body(definition.Run).AsSpan().SequenceEqual(ScheduleRow.Body(Known.Definition.Run)))
            return new(new ScheduleOutcome(null, Known));
        var schedule = Changed(now);
        var listed = DueSchedule.Of(schedule);
        return new(new ScheduleOutcome(null, schedule, Known is null), tenant.Ledger)
        {
            Preceding = listed is null ? [] : [listed.Written(now)],
            Writes = [Known is null ? TableWrite.Insert(ScheduleRow.Write(schedule)) : TableWrite.Replace(ScheduleRow.Write(schedule))],
            Following = [.. Gone(Known, listed), Audit(AuditAction.ScheduleWritten, author, now).ToBatch(ids)],
        };
    }

    private ScheduleRecord Changed(DateTimeOffset now)
    {
        var goesOn = Known is not null && definition.ComesLike(Known.Definition);
        var anchor = Known is not null && definition.EverySeconds == Known.Definition.EverySeconds ? Known.AnchorAt : WholeSecond(now);
        var times = ScheduleTimes.Of(TenantId, Name, definition, anchor);
        var state = goesOn ? Known!.State : definition.IsEnabled ? times.Begin(now) : ScheduleState.Idle;
        return new ScheduleRecord(
            TenantId, Name, definition, anchor, state, times.DueAt(state), Known?.Last, Known?.PreviousRunId, Known?.CreatedAt ?? now, Known?.ETag);
    }

    private static DateTimeOffset WholeSecond(DateTimeOffset now) => DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());

    private static TenantEdit<ScheduleOutcome> Refused(Refusal refusal) => new(new ScheduleOutcome(refusal));
}

/// <summary>Removes a schedule. Its runs go on.</summary>
internal sealed class RemoveSchedule(ITableStore tables, string tenantId, string name, ScheduleAuthor author, NewestFirstIds ids) : ScheduleChange(tables, tenantId, name)
{
    public override TenantEdit<ScheduleOutcome> Decide(TenantSnapshot tenant, DateTimeOffset now) => Known is null
        ? new(new ScheduleOutcome(ScheduleViews.NotFound(Name)))
        : new(new ScheduleOutcome(null), tenant.Ledger)
        {
            Writes = [TableWrite.Delete(ScheduleRow.Write(Known))],
            Following = [.. Gone(Known, listed: null), Audit(AuditAction.ScheduleDeleted, author, now).ToBatch(ids)],
        };
}
