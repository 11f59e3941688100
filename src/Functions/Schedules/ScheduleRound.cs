using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Schedules;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Schedules;

/// <summary>
/// Fires the schedules that are due, those of all tenants in turn: a tenant with many keeps nobody else's waiting. What a round does not reach
/// is the next one's. Any number of processes may make rounds at once, each one at a time.
/// </summary>
public sealed class ScheduleRound(
    ITableStore tables, ScheduleFiring firing, ScheduleMending mending, FiringClock firingClock, TimeProvider clock, ILogger<ScheduleRound> logger)
{
    /// <summary>A round goes on for so long while any are due.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(45);

    private const int PagesAtOnce = 5;
    private const int AtOnce = 8;

    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        if (await firingClock.IsBehindAsync(cancellationToken))
        {
            await mending.MendPutOffAsync(cancellationToken);
            await firingClock.ResetAsync(cancellationToken);
        }

        var met = new HashSet<DueSchedule>();
        while (await DueAsync(met, cancellationToken) is { Count: > 0 } due)
        {
            await firingClock.NoteAsync(cancellationToken);
            foreach (var group in InTurn(due).Chunk(AtOnce))
            {
                await Task.WhenAll(group.Select(each => TryAsync(each, client, cancellationToken)));
                met.UnionWith(group);
                if (clock.GetElapsedTime(began) >= Longest)
                    return;
            }
        }
    }

    /// <summary>Some that are due and were not met before; none where there are no more.</summary>
    private async Task<List<DueSchedule>> DueAsync(HashSet<DueSchedule> met, CancellationToken cancellationToken)
    {
        var due = new List<DueSchedule>();
        var query = new TableQuery(Table.Tenants, RowKeys.DueSchedules, Before: RowKeys.DueAfter(clock.GetUtcNow()));
        for (var pages = 1; ; pages++)
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            due.AddRange(page.Rows.Select(DueSchedule.Read).OfType<DueSchedule>().Where(each => !met.Contains(each)));
            if (page.Continuation is null || (pages >= PagesAtOnce && due.Count > 0))
                return due;
            query = query with { Continuation = page.Continuation };
        }
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
            try
            {
                await firing.FireAsync(due, client, cancellationToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException and not StoreUnavailableException)
            {
                logger.ScheduleFailed(failure, due.Name, due.TenantId);
                await firing.PutOffAsync(due, cancellationToken);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException and not StoreUnavailableException)
        {
            logger.ScheduleFailed(failure, due.Name, due.TenantId);
        }
    }
}
