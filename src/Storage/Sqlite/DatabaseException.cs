namespace Headgate.Storage.Sqlite;

/// <summary>SQLite refused: <see cref="Code"/> is its extended result code.</summary>
public sealed class DatabaseException(int code, string message) : Exception($"SQLite error {code}: {message}")
{
    public int Code { get; } = code;

    /// <summary>The primary result code, without the extension.</summary>
    public int PrimaryCode => Code & 0xff;
}
