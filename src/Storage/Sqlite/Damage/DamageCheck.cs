namespace Headgate.Storage.Sqlite.Damage;

/// <summary>Looks for damage before anything is written, so that a damaged folder stays as it was found.</summary>
internal static class DamageCheck
{
    /// <summary>A larger file would hold up the start; damage in it is found where it is read, and stops the process there.</summary>
    private const long LargestChecked = 16 * 1024 * 1024;

    private static readonly Sql QuickCheck = new("PRAGMA quick_check(1)");

    /// <summary>Before SQLite opens the file: it takes a write-ahead log it can't read for an empty one, and starts it over.</summary>
    /// <exception cref="DataFolderException">What the log holds can't be read.</exception>
    public static void BeforeOpening(string databasePath)
    {
        var log = databasePath + "-wal";
        if (WriteAheadHeader.IsDamaged(log))
            throw new DataFolderException(Report(log, "its header is damaged"));
    }

    /// <summary>Whether the file hangs together; of one that is large, only what opening it reads.</summary>
    /// <exception cref="DataFolderException">It does not.</exception>
    /// <exception cref="DatabaseException">SQLite found damage on its way.</exception>
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

    /// <summary>The refusal of a file that can't be trusted.</summary>
    public static string Report(string path, string what) =>
        $"The file {path} is damaged: {what}. Nothing in it was changed. Put back a copy of the data folder, or choose another one.";
}
