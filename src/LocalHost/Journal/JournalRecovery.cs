using Headgate.LocalHost.Sqlite;

namespace Headgate.LocalHost.Journal;

/// <summary>Brings what an earlier process acknowledged, and did not get into the tables, to where it belongs.</summary>
internal static class JournalRecovery
{
    /// <summary>In one transaction, before anyone reads the tables.</summary>
    public static void Run(Connection connection)
    {
        var pending = new PendingChanges(partlyMerged: true);
        if (!Read(connection, pending))
            return;
        connection.Execute("BEGIN IMMEDIATE");
        foreach (var write in pending.Writes())
            write.Run(connection);
        JournalStatements.DeleteUntil(connection, long.MaxValue);
        connection.Execute("COMMIT");
    }

    private static bool Read(Connection connection, PendingChanges pending)
    {
        try
        {
            return JournalStatements.Replay(connection, pending);
        }
        catch (Exception unreadable) when (unreadable is not DatabaseException)
        {
            throw new DataFolderException(
                $"The journal of the database can't be read: {unreadable.Message} Nothing was changed. Run the build that wrote it, or put back a copy of the data folder.", unreadable);
        }
    }
}
