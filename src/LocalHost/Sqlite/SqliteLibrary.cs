using SQLitePCL;

namespace Headgate.LocalHost.Sqlite;

/// <summary>SQLite itself, as this process uses it.</summary>
internal static class SqliteLibrary
{
    private const int MemoryStatistics = 9; // SQLITE_CONFIG_MEMSTATUS

    static SqliteLibrary()
    {
        Batteries_V2.Init();
        // Nobody reads them, and each allocation of each connection would take one lock for them.
        _ = raw.sqlite3_config(MemoryStatistics, 0);
    }

    /// <summary>To be called before anything else of it.</summary>
    public static void Prepare()
    {
        // What there is to do is done once, before the first call.
    }
}
