using Headgate.Functions.Ports;

namespace Headgate.Functions.Stores.Runs;

/// <summary>
/// Stands from admission to finish, in the transactions of both: what the ledger's counter counts, and the outbox of the start message.
/// </summary>
public static class LiveRow
{
    /// <param name="sends">How often the start message was sent; part of its id.</param>
    public static TableRow Write(string tenantId, string runId, int sends, DateTimeOffset sentAt) => new(
        tenantId,
        RowKeys.Live(runId),
        new Columns(2) { { "sends", sends }, { "sentAt", sentAt } });

    public static string RunIdOf(TableRow row) => row.RowKey[RowKeys.LivePrefix.Length..];

    public static int Sends(TableRow row) => row.Columns.Int("sends") ?? 1;

    public static DateTimeOffset SentAt(TableRow row) => row.Columns.Time("sentAt") ?? DateTimeOffset.MinValue;
}
