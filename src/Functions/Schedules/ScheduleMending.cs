using Headgate.Core.Schedules;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Schedules;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Schedules;

/// <summary>Repairs what a process that was cut short, or a clock that was ahead, has left of schedules. Costs a read a schedule.</summary>
public sealed class ScheduleMending(ITableStore tables, TimeProvider clock, ILogger<ScheduleMending> logger)
{
    public async Task MendAsync(string tenantId, CancellationToken cancellationToken)
    {
        var query = TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.SchedulePrefix) with { Columns = ScheduleRow.WithoutRun };
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
                await TryAsync(row, cancellationToken);
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
    }

    /// <summary>Of all tenants with schedules that are not due yet: what a clock that was ahead has put off stands there.</summary>
    public async Task MendPutOffAsync(CancellationToken cancellationToken)
    {
        var tenants = new HashSet<string>(StringComparer.Ordinal);
        var query = new TableQuery(Table.Tenants, RowKeys.DueSchedules, From: RowKeys.DueAfter(clock.GetUtcNow()));
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            tenants.UnionWith(page.Rows.Select(DueSchedule.Read).OfType<DueSchedule>().Select(due => due.TenantId));
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);

        foreach (var tenantId in tenants)
            await MendAsync(tenantId, cancellationToken);
    }

    // One that is damaged must not keep the others from it.
    private async Task TryAsync(TableRow row, CancellationToken cancellationToken)
    {
        try
        {
            var schedule = ScheduleRow.ReadWithoutRun(row);
            if (Mended(schedule) != schedule)
                await MoveAsync(schedule.TenantId, schedule.Name, cancellationToken);
            else if (DueSchedule.Of(schedule) is { } due && !await due.IsListedAsync(tables, cancellationToken))
                await tables.SubmitAsync(new TableChange(due.Written(clock.GetUtcNow())), cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException and not StoreUnavailableException)
        {
            logger.ScheduleFailed(failure, ScheduleRow.NameOf(row), row.PartitionKey);
        }
    }

    // As it stands now, with its run. Whoever changes it meanwhile wins: the next time mends what is left.
    private async Task MoveAsync(string tenantId, string name, CancellationToken cancellationToken)
    {
        if (await tables.GetAsync(Table.Tenants, tenantId, RowKeys.Schedule(name), cancellationToken) is not { } row)
            return;
        var schedule = ScheduleRow.Read(row);
        var after = Mended(schedule);
        if (after != schedule)
            await tables.SubmitAsync(ScheduleMove.Of(schedule, after, clock.GetUtcNow()), cancellationToken);
    }

    private ScheduleRecord Mended(ScheduleRecord schedule)
    {
        var now = clock.GetUtcNow();
        var state = Schedule.Reopened(schedule.State, now);
        var times = ScheduleTimes.Find(schedule, out _);
        // One that waits was to be looked at again when a clock that was ahead showed some time.
        var due = times is null || state.WaitingAt is not null ? now : times.DueAt(state);
        if (due <= now)
            due = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        var isPutOff = schedule.DueAt - (due > now ? due : now) > (times is null ? LookAgain.AtUnknownTimes : LookAgain.Longest);
        return state == schedule.State && !isPutOff ? schedule : schedule with { State = state, DueAt = due };
    }
}
