using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Schedules;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Schedules;

/// <summary>
/// Fires the schedules that are due, those of all tenants in turn: a tenant with many keeps nobody else's waiting. What a round does not reach
/// is the next one's. Any number of processes may make rounds at once.
/// </summary>
public sealed class ScheduleRound(ITableStore tables, ScheduleFiring firing, TimeProvider clock, ILogger<ScheduleRound> logger)
{
    private const int MaxPages = 5;
    private const int MaxFired = 500;
    private const int AtOnce = 8;

    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var due = InTurn(await DueAsync(cancellationToken));
        foreach (var group in due.Take(MaxFired).Chunk(AtOnce))
            await Task.WhenAll(group.Select(each => TryAsync(each, client, cancellationToken)));
    }

    /// <summary>What a process that was cut short, or a clock that was ahead, has left of a tenant's schedules. Costs a read a schedule.</summary>
    public async Task MendAsync(string tenantId, CancellationToken cancellationToken)
    {
        var query = TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.SchedulePrefix);
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
                await firing.MendAsync(ScheduleRow.Read(row), cancellationToken);
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
    }

    private async Task<List<DueSchedule>> DueAsync(CancellationToken cancellationToken)
    {
        var due = new List<DueSchedule>();
        var query = new TableQuery(Table.Tenants, RowKeys.DueSchedules, Before: RowKeys.DueAfter(clock.GetUtcNow()));
        for (var pages = 0; pages < MaxPages; pages++)
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            due.AddRange(page.Rows.Select(DueSchedule.Read).OfType<DueSchedule>());
            if (page.Continuation is null)
                break;
            query = query with { Continuation = page.Continuation };
        }

        return due;
    }

    // The first of each tenant, then the second of each, the one that waits longest first.
    private static IEnumerable<DueSchedule> InTurn(List<DueSchedule> due) => due
        .GroupBy(each => each.TenantId, StringComparer.Ordinal)
        .SelectMany(tenant => tenant.Select((each, turn) => (each, turn)))
        .OrderBy(placed => placed.turn)
        .ThenBy(placed => placed.each.At)
        .Select(placed => placed.each);

    // One schedule that can't be fired must not keep the others from it.
    private async Task TryAsync(DueSchedule due, DurableTaskClient client, CancellationToken cancellationToken)
    {
        try
        {
            await firing.FireAsync(due, client, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException and not StoreUnavailableException)
        {
            logger.ScheduleFailed(failure, due.Name, due.TenantId);
        }
    }
}
