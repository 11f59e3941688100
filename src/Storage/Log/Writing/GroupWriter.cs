using System.Diagnostics;
using Headgate.Storage.Log.Journal;
using Headgate.Storage.Sqlite;
using Headgate.Storage.Sqlite.Writing;

namespace Headgate.Storage.Log.Writing;

/// <summary>
/// Writes a group as one transaction, its records into the journal; what earlier groups left there goes into the tables between two
/// groups. For one thread at a time.
/// </summary>
/// <param name="database">The file.</param>
/// <param name="clients">Whose records they are.</param>
/// <param name="awoken">Called, on any thread, when <see cref="HasWork"/> may have become true by itself. Null: nothing is done in the background.</param>
/// <param name="merged">As for <see cref="Merger"/>.</param>
internal sealed class GroupWriter(Database database, LogClients clients, Action? awoken, Action<long> merged) : IDisposable
{
    private static readonly Sql BeginTransaction = new("BEGIN IMMEDIATE");
    private static readonly Sql CommitTransaction = new("COMMIT");
    private readonly Checkpointer _checkpointer = new(database, awoken);
    private readonly JournalEncoder _encoder = new(clients);
    private readonly Merger _merger = new(clients, merged);
    private long _number;
    private long _commits;
    private long _lastFlushTicks;

    public long Commits => Volatile.Read(ref _commits);

    public TimeSpan LastFlush => new(Volatile.Read(ref _lastFlushTicks));

    /// <summary>Not everything is in the tables yet.</summary>
    public bool IsBehind => !_merger.IsEmpty;

    /// <summary>There is something to do now, group or no group.</summary>
    /// <param name="mergeDue">As for <see cref="Settle"/>.</param>
    public bool HasWork(bool mergeDue) => _checkpointer.HasWork || (!IsHeld && (mergeDue || _merger.IsMerging));

    /// <summary>Puts a group into the journal, and the journal on the disk.</summary>
    /// <exception cref="DatabaseException">Nothing of the group was written.</exception>
    public void Commit(List<IWriteOperation> operations)
    {
        _encoder.Clear();
        if (operations.Count == 0)
            return;
        foreach (var operation in operations)
            operation.Write(_encoder);
        var connection = database.Writer;
        connection.Prepare(BeginTransaction).Run();
        JournalStatements.Append(connection, ++_number, _encoder.Written);
        var start = Stopwatch.GetTimestamp();
        connection.Prepare(CommitTransaction).Run();
        Volatile.Write(ref _lastFlushTicks, Stopwatch.GetElapsedTime(start).Ticks);
        Volatile.Write(ref _commits, _commits + 1);
    }

    /// <summary>What is left to do once nobody waits for the group any more: a little of what the journal holds goes into the tables.</summary>
    /// <param name="operations">As they were committed.</param>
    /// <param name="position">The last one's place in the log.</param>
    /// <param name="mergeDue">Whether the time has come to merge what the journal holds.</param>
    /// <returns>Whether <paramref name="mergeDue"/> has been seen to.</returns>
    /// <exception cref="DatabaseException">Nothing is lost: the journal has it.</exception>
    public bool Settle(List<IWriteOperation> operations, long position, bool mergeDue) => Settle(operations, position, mergeDue, held: IsHeld);

    // A checkpoint that is about to close is left in peace, unless what waits for the merge gets long.
    private bool IsHeld => _checkpointer.IsClosing && !_merger.IsLong;

    private bool Settle(List<IWriteOperation> operations, long position, bool mergeDue, bool held)
    {
        _merger.Add(operations, _number, position, _encoder);
        var seen = !held && _merger.Begin(mergeDue);
        if (!held && _merger.IsMerging)
            Merge(isIdle: operations.Count == 0);
        _checkpointer.AfterCommit(database.Writer);
        return seen;
    }

    // Without a flush of its own: what is merged is in the journal on disk, and the journal's rows cannot go before it comes.
    private void Merge(bool isIdle)
    {
        var connection = database.Writer;
        database.FlushCommits(false);
        connection.Prepare(BeginTransaction).Run();
        _merger.Step(connection, _encoder.Count, isIdle);
        connection.Prepare(CommitTransaction).Run();
        database.FlushCommits(true);
        _merger.Committed();
    }

    /// <summary>Brings everything into the tables.</summary>
    /// <exception cref="DatabaseException">It stays in the journal.</exception>
    public void MergeAll()
    {
        while (IsBehind)
        {
            Commit([]);
            Settle([], 0, mergeDue: true, held: false);
        }

        _merger.WaitUntilTold();
    }

    public void Forget() => database.Writer.Forget();

    public void Dispose() => _checkpointer.Dispose();
}
