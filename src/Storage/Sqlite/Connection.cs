using SQLitePCL;

namespace Headgate.Storage.Sqlite;

/// <summary>A SQLite connection and its prepared statements. For one thread at a time.</summary>
public sealed class Connection : IDisposable
{
    private const int NoCheckpointOnClose = 1006; // SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE
    private readonly sqlite3 _handle;
    private readonly Dictionary<Sql, Statement> _statements = new(ReferenceEqualityComparer.Instance);

    private Connection(sqlite3 handle) => _handle = handle;

    internal sqlite3 Handle => _handle;

    /// <exception cref="DatabaseException">The file can't be opened or is not a database.</exception>
    internal static Connection Open(string path, IEnumerable<string> pragmas, bool readOnly)
    {
        var access = readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE;
        var code = raw.sqlite3_open_v2(path, out var handle, access | raw.SQLITE_OPEN_NOMUTEX, vfs: null);
        var connection = new Connection(handle);
        try
        {
            connection.Check(code);
            raw.sqlite3_extended_result_codes(handle, 1);
            connection.Check(raw.sqlite3_busy_timeout(handle, 5000));
            foreach (var pragma in pragmas)
                connection.Execute("PRAGMA " + pragma);
            return connection;
        }
        catch
        {
            connection.DisposeAsFound();
            throw;
        }
    }

    /// <summary>The statement, prepared on first use. The connection owns it. Reset it or step it to its end before preparing the same text again.</summary>
    public Statement Prepare(Sql sql)
    {
        if (_statements.TryGetValue(sql, out var known))
            return known;
        Check(raw.sqlite3_prepare_v3(_handle, sql.Text, raw.SQLITE_PREPARE_PERSISTENT, out var handle));
        var statement = new Statement(this, handle);
        _statements.Add(sql, statement);
        return statement;
    }

    /// <summary>Runs a script of statements without parameters.</summary>
    public void Execute(string script) => Check(raw.sqlite3_exec(_handle, script));

    /// <summary>Frees the page cache.</summary>
    internal void Forget() => Execute("PRAGMA shrink_memory");

    internal void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            throw Failure(code);
    }

    internal DatabaseException Failure(int code) =>
        new(code, _handle.IsInvalid ? raw.sqlite3_errstr(code).utf8_to_string() : raw.sqlite3_errmsg(_handle).utf8_to_string());

    /// <summary>Closes without a checkpoint, which closing the last connection would run.</summary>
    internal void DisposeAsFound()
    {
        raw.sqlite3_db_config(_handle, NoCheckpointOnClose, 1, out _);
        Dispose();
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Release();
        _statements.Clear();
        _handle.Dispose();
    }
}
