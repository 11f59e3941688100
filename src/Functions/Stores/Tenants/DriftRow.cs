using Headgate.Ports;

namespace Headgate.Functions.Stores.Tenants;

/// <summary>A difference between a ledger's count and the live runs, seen once. A second look decides; it may be another process that looks.</summary>
/// <param name="Slots">How many more the ledger counted than there were; negative: fewer.</param>
/// <param name="At">When it was seen.</param>
/// <param name="ETag">Of the row.</param>
public sealed record DriftSighting(int Slots, DateTimeOffset At, string? ETag);

public static class DriftRow
{
    public static TableRow Write(string tenantId, DriftSighting seen) => new(
        tenantId,
        RowKeys.Drift,
        new Columns(2) { { "slots", seen.Slots }, { "at", seen.At } },
        seen.ETag);

    public static DriftSighting Read(TableRow row) =>
        new(row.Columns.Int("slots") ?? 0, row.Columns.Time("at") ?? DateTimeOffset.MinValue, row.ETag);
}
