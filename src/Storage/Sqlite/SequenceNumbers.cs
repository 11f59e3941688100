namespace Headgate.Storage.Sqlite;

/// <summary>
/// Increasing numbers for row versions and message sequences. None is given twice, even across restarts: each start of the
/// database begins a new range of 2^40. Safe for concurrent use.
/// </summary>
public sealed class NumberSource
{
    private static readonly Sql CountStart = new("UPDATE starts SET count = count + 1 RETURNING count");
    private long _last;

    internal NumberSource(Connection connection)
    {
        var statement = connection.Prepare(CountStart);
        statement.Step();
        _last = statement.Long(0) << 40;
        statement.Run();
    }

    public long Next() => Interlocked.Increment(ref _last);
}
