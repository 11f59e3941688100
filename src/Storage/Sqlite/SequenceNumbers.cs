namespace Headgate.Storage.Sqlite;

/// <summary>
/// Gives increasing numbers, for the versions of rows and the order of messages. None comes twice, even across restarts: each start of the
/// database counts up the table <c>starts</c> and begins a new range of 2^40. Safe for concurrent use.
/// </summary>
public sealed class SequenceNumbers
{
    private static readonly Sql CountStart = new("UPDATE starts SET count = count + 1 RETURNING count");
    private long _last;

    internal SequenceNumbers(Connection connection)
    {
        var statement = connection.Prepare(CountStart);
        statement.Step();
        _last = statement.Long(0) << 40;
        statement.Run();
    }

    public long Next() => Interlocked.Increment(ref _last);
}
