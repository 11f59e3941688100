namespace Headgate.Storage.Sqlite.Damage;

/// <summary>Looks for damage before anything is written, so that a damaged folder is left unchanged.</summary>
internal static class DamageCheck
{
    /// <summary>Bytes. Checking a larger file would delay the start; damage in it is found when it is read, and ends the process then.</summary>
    private const long LargestChecked = 16 * 1024 * 1024;

    private static readonly Sql QuickCheck = new("PRAGMA quick_check(1)");

    /// <summary>Checks the write-ahead log. SQLite would treat one it can't read as empty and overwrite it.</summary>
    /// <exception cref="DataFolderException">Its header is damaged.</exception>
    public static void BeforeOpening(string databasePath)
    {
        var log = databasePath + "-wal";
        if (WriteAheadHeader.IsDamaged(log))
            throw new DataFolderException(Report(log, "its header is damaged"));
    }

    /// <summary>Checks the database file's structure, unless the file is large.</summary>
    /// <exception cref="DataFolderException">It is damaged.</exception>
    /// <exception cref="DatabaseException">It is damaged so that the check itself failed.</exception>
    public static void AfterOpening(Connection connection, string databasePath)
    {
        if (new FileInfo(databasePath).Length > LargestChecked)
            return;
        var statement = connection.Prepare(QuickCheck);
        statement.Step();
        var found = statement.Text(0);
        statement.Reset();
        if (found != "ok")
            throw new DataFolderException(Report(databasePath, found.ReplaceLineEndings(" ")));
    }

    public static string Report(string path, string what) =>
        $"The file {path} is damaged: {what}. Nothing in it was changed. Put back a copy of the data folder, or choose another one.";
}
