using Headgate.Ports;

namespace Headgate.Functions.Stores.Runs;

/// <summary>Retries that a tenant has started in a UTC minute.</summary>
/// <param name="Minute">Of Unix time.</param>
/// <param name="Started">In it.</param>
/// <param name="ETag">Of the row; null where there is none.</param>
public sealed record RetryMinute(long Minute, int Started, string? ETag)
{
    public static RetryMinute None { get; } = new(0, 0, null);

    /// <summary>Started in this minute; of another one none is.</summary>
    public int StartedIn(long minute) => minute == Minute ? Started : 0;
}

/// <summary>Counts of retries. Each is written in the change that starts them, under its ETag: two processes can't start the same ones, nor more than are left.</summary>
public static class RetryCountRow
{
    public static RetryMinute Read(TableRow row) => new(row.Columns.Long("minute") ?? 0, row.Columns.Int("started") ?? 0, row.ETag);

    public static TableWrite OfTenant(string tenantId, RetryMinute count) => Write(
        new TableRow(tenantId, RowKeys.TenantRetries, new Columns(2) { { "minute", count.Minute }, { "started", count.Started } }, count.ETag));

    /// <param name="before">The run's row as it was read; null where there was none.</param>
    public static TableWrite OfRun(string runId, int started, TableRow? before) => Write(new TableRow(runId, RowKeys.RunRetries, new Columns(1) { { "started", started } }, before?.ETag));

    private static TableWrite Write(TableRow row) => row.ETag is null ? TableWrite.Insert(row) : TableWrite.Replace(row);
}
