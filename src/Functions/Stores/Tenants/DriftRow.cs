using Headgate.Ports;

namespace Headgate.Functions.Stores.Tenants;

/// <summary>A difference between a ledger's counts and the runs there are, seen once. A second look decides; it may be another process that looks.</summary>
/// <param name="Slots">How many more the ledger counted than there were; negative: fewer.</param>
/// <param name="Waiting">Likewise of waiting runs.</param>
/// <param name="At">When it was seen.</param>
/// <param name="ETag">Of the row.</param>
public sealed record DriftSighting(int Slots, int Waiting, DateTimeOffset At, string? ETag);

public static class DriftRow
{
    public static TableRow Write(string tenantId, DriftSighting seen) => new(
        tenantId,
        RowKeys.Drift,
        new Columns(3) { { "slots", seen.Slots }, { "waiting", seen.Waiting == 0 ? null : seen.Waiting }, { "at", seen.At } },
        seen.ETag);

    public static DriftSighting Read(TableRow row) =>
        new(row.Columns.Int("slots") ?? 0, row.Columns.Int("waiting") ?? 0, row.Columns.Time("at") ?? DateTimeOffset.MinValue, row.ETag);
}
