using Headgate.Ports;

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

    /// <summary>The row with the start message sent once more.</summary>
    public static TableRow SentAgain(TableRow row, DateTimeOffset now) => Changed(row, Sends(row) + 1, now, Helps(row), HelpedAt(row));

    /// <summary>The row with so many helps in a row.</summary>
    public static TableRow Helped(TableRow row, int helps, DateTimeOffset now) => Changed(row, Sends(row), SentAt(row), helps, now);

    public static string RunIdOf(TableRow row) => row.RowKey[RowKeys.LivePrefix.Length..];

    public static int Sends(TableRow row) => row.Columns.Int("sends") ?? 1;

    public static DateTimeOffset SentAt(TableRow row) => row.Columns.Time("sentAt") ?? DateTimeOffset.MinValue;

    /// <summary>How often the run had to be helped since its orchestration was last seen at work.</summary>
    public static int Helps(TableRow row) => row.Columns.Int("helps") ?? 0;

    public static DateTimeOffset? HelpedAt(TableRow row) => row.Columns.Time("helpedAt");

    private static TableRow Changed(TableRow row, int sends, DateTimeOffset sentAt, int helps, DateTimeOffset? helpedAt)
    {
        var columns = new Columns(4) { { "sends", sends }, { "sentAt", sentAt } };
        if (helps > 0)
        {
            columns.Add("helps", helps);
            columns.Add("helpedAt", helpedAt);
        }

        return row.With(columns);
    }
}
