using System.Diagnostics;

namespace Headgate.LocalHost.Sqlite.Writing;

/// <summary>Writes a group as one transaction. Belongs to the writer thread.</summary>
internal sealed class GroupWriter(Database database) : IDisposable
{
    private static readonly Sql Begin = new("BEGIN IMMEDIATE");
    private static readonly Sql Commit = new("COMMIT");
    private readonly Checkpointer _checkpointer = new(database);
    private long _commits;
    private long _lastFlushTicks;

    public long Commits => Volatile.Read(ref _commits);

    public TimeSpan LastFlush => new(Volatile.Read(ref _lastFlushTicks));

    /// <exception cref="DatabaseException">Nothing of the group was written.</exception>
    public void Write(List<IWriteOperation> operations)
    {
        var connection = database.Writer;
        connection.Prepare(Begin).Run();
        foreach (var operation in operations)
            operation.Write(connection);
        var start = Stopwatch.GetTimestamp();
        connection.Prepare(Commit).Run();
        Volatile.Write(ref _lastFlushTicks, Stopwatch.GetElapsedTime(start).Ticks);
        Volatile.Write(ref _commits, _commits + 1);
        foreach (var operation in operations)
            operation.Flushed();
        _checkpointer.AfterCommit(connection);
    }

    public void Dispose() => _checkpointer.Dispose();
}
