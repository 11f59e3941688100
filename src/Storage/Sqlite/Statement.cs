using System.Runtime.CompilerServices;
using System.Text;
using SQLitePCL;

namespace Headgate.Storage.Sqlite;

/// <summary>A prepared statement. Parameters count from 1, columns from 0. Bound values stay after a reset, so bind every parameter each time.</summary>
public sealed class Statement
{
    private const int StackBytes = 1024;
    private readonly Connection _connection;
    private readonly sqlite3_stmt _handle;

    internal Statement(Connection connection, sqlite3_stmt handle)
    {
        _connection = connection;
        _handle = handle;
    }

    public Statement Bind(int parameter, long value)
    {
        _connection.Check(raw.sqlite3_bind_int64(_handle, parameter, value));
        return this;
    }

    public Statement Bind(int parameter, long? value) => value is { } number ? Bind(parameter, number) : BindNull(parameter);

    public Statement Bind(int parameter, string? value)
    {
        if (value is null)
            return BindNull(parameter);
        if (value.Length == 0)
            _connection.Check(raw.sqlite3_bind_text(_handle, parameter, ""));
        else if (value.Length <= StackBytes / 3)
            BindShort(parameter, value);
        else
            _connection.Check(raw.sqlite3_bind_text(_handle, parameter, Encoding.UTF8.GetBytes(value).AsSpan()));
        return this;
    }

    public Statement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        _connection.Check(value.IsEmpty
            ? raw.sqlite3_bind_zeroblob(_handle, parameter, 0)
            : raw.sqlite3_bind_blob(_handle, parameter, value));
        return this;
    }

    public Statement BindNull(int parameter)
    {
        _connection.Check(raw.sqlite3_bind_null(_handle, parameter));
        return this;
    }

    /// <summary>Steps to the end, which resets.</summary>
    public void Run()
    {
        while (Step())
        {
        }
    }

    /// <summary>True if there is a row. Resets the statement at the end and on failure; if you stop earlier, call <see cref="Reset"/>.</summary>
    /// <exception cref="DatabaseException">The statement failed.</exception>
    public bool Step()
    {
        var code = raw.sqlite3_step(_handle);
        if (code == raw.SQLITE_ROW)
            return true;
        var failure = code == raw.SQLITE_DONE ? null : _connection.Failure(code);
        Reset();
        return failure is null ? false : throw failure;
    }

    /// <summary>Ends the read transaction of an unfinished query.</summary>
    public void Reset() => _ = raw.sqlite3_reset(_handle);

    public bool IsNull(int column) => raw.sqlite3_column_type(_handle, column) == raw.SQLITE_NULL;

    public long Long(int column) => raw.sqlite3_column_int64(_handle, column);

    public long? LongOrNull(int column) => IsNull(column) ? null : Long(column);

    public string Text(int column) => raw.sqlite3_column_text(_handle, column).utf8_to_string();

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>SQLite's memory: valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_handle, column);

    internal void Release() => _handle.Dispose();

    // Clearing the stack would cost more than the rest of the method.
    [SkipLocalsInit]
    private void BindShort(int parameter, string value)
    {
        Span<byte> utf8 = stackalloc byte[StackBytes];
        _connection.Check(raw.sqlite3_bind_text(_handle, parameter, utf8[..Encoding.UTF8.GetBytes(value, utf8)]));
    }
}
