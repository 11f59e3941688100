using SQLitePCL;

namespace Headgate.Load.Limit;

/// <summary>SQLite without anything of the service's in between.</summary>
internal sealed class RawDatabase : IDisposable
{
    private readonly sqlite3 _handle;

    private RawDatabase(sqlite3 handle) => _handle = handle;

    public static RawDatabase Open(string path)
    {
        var code = raw.sqlite3_open_v2(path, out var handle, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX, vfs: null);
        var database = new RawDatabase(handle);
        database.Check(code);
        return database;
    }

    public void Execute(string script) => Check(raw.sqlite3_exec(_handle, script));

    public sqlite3_stmt Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement));
        return statement;
    }

    /// <summary>Runs a statement that gives no row.</summary>
    public void Run(sqlite3_stmt statement)
    {
        var code = raw.sqlite3_step(statement);
        if (code != raw.SQLITE_DONE)
            Check(code);
        raw.sqlite3_reset(statement);
    }

    public void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            throw new InvalidOperationException($"SQLite: {raw.sqlite3_errmsg(_handle).utf8_to_string()}");
    }

    /// <summary>The two whole numbers of the only row.</summary>
    public (long First, long Second) Pair(string sql)
    {
        using var statement = Prepare(sql);
        if (raw.sqlite3_step(statement) != raw.SQLITE_ROW)
            throw new InvalidOperationException("SQLite gave no row.");
        return (raw.sqlite3_column_int64(statement, 0), raw.sqlite3_column_int64(statement, 1));
    }

    public void Dispose() => _handle.Dispose();
}
