using Headgate.Storage.Sqlite;

namespace Headgate.Storage.Log.Journal;

/// <summary>Writes to the tables what an earlier process left in the journal.</summary>
internal static class JournalRecovery
{
    /// <summary>Runs in one transaction, before anyone reads the tables.</summary>
    /// <exception cref="DataFolderException">The journal holds a kind that no client here can read.</exception>
    public static void Run(Connection connection, LogClients clients)
    {
        var pending = new PendingChanges(clients, partlyMerged: true);
        if (!Read(connection, clients, pending))
            return;
        connection.Execute("BEGIN IMMEDIATE");
        foreach (var write in pending.Writes())
            write.Run(connection);
        JournalStatements.DeleteUntil(connection, long.MaxValue);
        connection.Execute("COMMIT");
    }

    private static bool Read(Connection connection, LogClients clients, PendingChanges pending)
    {
        try
        {
            return JournalStatements.Replay(connection, clients, pending);
        }
        catch (Exception unreadable) when (unreadable is not DatabaseException)
        {
            throw new DataFolderException(
                $"The journal of the database can't be read: {unreadable.Message} Nothing was changed. Run the build that wrote it, or put back a copy of the data folder.", unreadable);
        }
    }
}
