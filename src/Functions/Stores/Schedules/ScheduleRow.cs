using System.Text.Json;
using Headgate.Core.Schedules;
using Headgate.Functions.Stores.Runs;
using Headgate.Ports;

namespace Headgate.Functions.Stores.Schedules;

/// <summary>A schedule as a row, in its tenant's partition: the run that it submits and its own next occurrence change in one transaction.</summary>
public static class ScheduleRow
{
    /// <summary>All but the run, for lists.</summary>
    public static IReadOnlyList<string> WithoutRun { get; } =
    [
        "cron", "everySeconds", "timeZone", "jitterSeconds", "overlap", "catchUp", "isDisabled", "anchorAt", "nextAt", "waitingAt", "passedFrom", "passedTo", "firedFrom",
        "firedTo", "dueAt", "lastAt", "lastOutcome", "lastRunId", "lastCode", "previousRunId", "createdAt",
    ];

    private static readonly RunDefinition s_notRead = new("", "", null, []);

    /// <exception cref="ArgumentException">It was read without its run, which would be lost.</exception>
    public static TableRow Write(ScheduleRecord schedule)
    {
        var (definition, state, last) = (schedule.Definition, schedule.State, schedule.Last);
        if (ReferenceEquals(definition.Run, s_notRead))
            throw new ArgumentException($"The schedule '{schedule.Name}' has no run.", nameof(schedule));
        var columns = new Columns(20)
        {
            { "cron", definition.Cron },
            { "everySeconds", definition.EverySeconds },
            { "timeZone", definition.TimeZone },
            { "jitterSeconds", definition.JitterSeconds == 0 ? null : definition.JitterSeconds },
            { "overlap", definition.Overlap.WireName() },
            { "catchUp", definition.CatchUp.WireName() },
            { "isDisabled", definition.IsEnabled ? null : true },
            { "anchorAt", schedule.AnchorAt },
            { "nextAt", state.NextAt },
            { "waitingAt", state.WaitingAt },
            { "passedFrom", state.PassedFrom },
            { "passedTo", state.PassedTo },
            { "firedFrom", state.FiredFrom },
            { "firedTo", state.FiredTo },
            { "dueAt", schedule.DueAt },
            { "lastAt", last?.At },
            { "lastOutcome", last?.Outcome },
            { "lastRunId", last?.RunId },
            { "lastCode", last?.Code },
            { "previousRunId", schedule.PreviousRunId },
            { "createdAt", schedule.CreatedAt },
        };
        StoredBody.Write(columns, Body(definition.Run));
        return new TableRow(schedule.TenantId, RowKeys.Schedule(schedule.Name), columns, schedule.ETag);
    }

    /// <summary>The run as it is stored: equal runs give equal bytes.</summary>
    public static byte[] Body(RunDefinition run) => JsonSerializer.SerializeToUtf8Bytes(run, StoredJson.Default.RunDefinition);

    /// <param name="row">With all columns.</param>
    /// <exception cref="InvalidDataException">The row is damaged.</exception>
    public static ScheduleRecord Read(TableRow row) => Read(
        row,
        row.Columns.Bytes("body0") is null ? null : JsonSerializer.Deserialize(StoredBody.Read(row.Columns), StoredJson.Default.RunDefinition));

    /// <param name="row">With <see cref="WithoutRun"/>: what is read can't be written.</param>
    /// <exception cref="InvalidDataException">The row is damaged.</exception>
    public static ScheduleRecord ReadWithoutRun(TableRow row) => Read(row, s_notRead);

    private static ScheduleRecord Read(TableRow row, RunDefinition? run)
    {
        var columns = row.Columns;
        return new ScheduleRecord(
            row.PartitionKey,
            NameOf(row),
            new ScheduleDefinition(
                columns.String("cron"),
                columns.Int("everySeconds"),
                columns.Required("timeZone"),
                columns.Int("jitterSeconds") ?? 0,
                ScheduleWords.Overlap(columns.String("overlap")),
                ScheduleWords.CatchUp(columns.String("catchUp")),
                !columns.Flag("isDisabled"),
                run ?? throw new InvalidDataException($"The schedule row '{row.RowKey}' has no run.")),
            columns.Time("anchorAt") ?? DateTimeOffset.UnixEpoch,
            new ScheduleState(
                columns.Time("nextAt"), columns.Time("waitingAt"), columns.Time("passedFrom"), columns.Time("passedTo"), columns.Time("firedFrom"), columns.Time("firedTo")),
            columns.Time("dueAt"),
            columns.Time("lastAt") is { } at ? new LastFire(at, columns.Required("lastOutcome"), columns.String("lastRunId"), columns.String("lastCode")) : null,
            columns.String("previousRunId"),
            columns.Time("createdAt") ?? DateTimeOffset.UnixEpoch,
            row.ETag);
    }

    public static string NameOf(TableRow row) => row.RowKey[RowKeys.SchedulePrefix.Length..];
}

/// <summary>
/// That a schedule is due at a time, in the list of all that are. It stands before the schedule's own row says so, and goes after that says
/// otherwise: one that the schedule knows nothing of is stale once it has stood for a while.
/// </summary>
/// <param name="At">To the millisecond.</param>
public sealed record DueSchedule(DateTimeOffset At, string TenantId, string Name)
{
    /// <summary>An entry that its schedule knows nothing of may stand before the schedule's own row does.</summary>
    private static readonly TimeSpan s_staleAfter = TimeSpan.FromMinutes(10);

    private string RowKey => RowKeys.DueSchedule(At, TenantId, Name);

    public static DueSchedule? Of(ScheduleRecord schedule) => schedule.DueAt is { } at ? new(at, schedule.TenantId, schedule.Name) : null;

    /// <summary>Null where the row is none of the list.</summary>
    public static DueSchedule? Read(TableRow row) =>
        row.RowKey.Split(':') is [var time, var tenantId, var name]
        && long.TryParse(time, System.Globalization.CultureInfo.InvariantCulture, out var at)
            ? new(DateTimeOffset.FromUnixTimeMilliseconds(at), tenantId, name)
            : null;

    /// <param name="now">The time at which it is written.</param>
    public TableBatch Written(DateTimeOffset now) =>
        new(Table.Tenants, TableWrite.Upsert(new TableRow(RowKeys.DueSchedules, RowKey, new Columns(2) { { "tenantId", TenantId }, { "at", now } })));

    public TableBatch Gone() => new(Table.Tenants, TableWrite.DeleteIfExists(RowKeys.DueSchedules, RowKey));

    /// <summary>Takes it off the list if it is stale. One that is written meanwhile stays.</summary>
    public async ValueTask RemoveStaleAsync(ITableStore tables, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // The first versions noted no time.
        if (await tables.GetAsync(Table.Tenants, RowKeys.DueSchedules, RowKey, cancellationToken) is { } row && now - (row.Columns.Time("at") ?? At) > s_staleAfter)
            await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, TableWrite.Delete(row))), cancellationToken);
    }

    public async ValueTask<bool> IsListedAsync(ITableStore tables, CancellationToken cancellationToken) =>
        await tables.GetAsync(Table.Tenants, RowKeys.DueSchedules, RowKey, cancellationToken) is not null;
}
