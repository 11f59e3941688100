using Headgate.Storage.Sqlite;

namespace Headgate.Storage.Log.Journal;

/// <summary>All SQL on the journal table.</summary>
internal static class JournalStatements
{
    private static readonly Sql Insert = new("INSERT INTO journal(number, records) VALUES (?1, ?2)");
    private static readonly Sql DeleteOldest = new("DELETE FROM journal WHERE number <= ?1");
    private static readonly Sql SelectAll = new("SELECT records FROM journal ORDER BY number");

    public static void Append(Connection connection, long number, ReadOnlySpan<byte> records) =>
        connection.Prepare(Insert).Bind(1, number).Bind(2, records).Run();

    /// <param name="connection">The writer.</param>
    /// <param name="number">Inclusive.</param>
    public static void DeleteUntil(Connection connection, long number) => connection.Prepare(DeleteOldest).Bind(1, number).Run();

    /// <returns>False if the journal is empty.</returns>
    public static bool Replay(Connection connection, LogClients clients, IRecordSink sink)
    {
        var statement = connection.Prepare(SelectAll);
        var any = false;
        while (statement.Step())
        {
            clients.Decode(statement.Blob(0), sink);
            any = true;
        }

        return any;
    }
}
