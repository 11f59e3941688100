using System.Diagnostics;
using Headgate.LocalHost.Journal;

namespace Headgate.LocalHost.Sqlite.Writing;

/// <summary>
/// Writes a group as one transaction, its records into the journal; what earlier groups left there goes into the tables between two
/// groups. Belongs to the writer thread.
/// </summary>
internal sealed class GroupWriter(Database database) : IDisposable
{
    /// <summary>Merged with nobody waiting for the transaction.</summary>
    private const int IdleStep = 1024;

    private static readonly Sql BeginTransaction = new("BEGIN IMMEDIATE");
    private static readonly Sql CommitTransaction = new("COMMIT");
    private readonly Checkpointer _checkpointer = new(database);
    private readonly JournalEncoder _encoder = new();
    private readonly Merger _merger = new();
    private long _number;
    private long _commits;
    private long _lastFlushTicks;

    public long Commits => Volatile.Read(ref _commits);

    public TimeSpan LastFlush => new(Volatile.Read(ref _lastFlushTicks));

    /// <summary>Not everything is in the tables yet.</summary>
    public bool IsBehind => !_merger.IsEmpty;

    /// <summary>There is something to merge now, group or no group.</summary>
    public bool IsMerging => _merger.IsMerging;

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
    /// <param name="mergeDue">Whether the time has come to merge what the journal holds.</param>
    /// <returns>Whether <paramref name="mergeDue"/> has been seen to.</returns>
    /// <exception cref="DatabaseException">Nothing is lost: the journal has it.</exception>
    public bool Settle(List<IWriteOperation> operations, bool mergeDue)
    {
        _merger.Add(operations, _number, _encoder.Written.Length);
        var seen = _merger.Begin(mergeDue);
        // More than comes in, so that a stretch is merged before the next one is full.
        if (_merger.IsMerging)
            Merge(operations.Count == 0 ? IdleStep : 32 + (_encoder.Count * 3 / 2), wait: operations.Count == 0);
        _checkpointer.AfterCommit(database.Writer);
        return seen;
    }

    // Without a flush of its own: what is merged is in the journal on disk, and the journal's rows cannot go before it comes.
    private void Merge(int writes, bool wait)
    {
        var connection = database.Writer;
        database.FlushCommits(false);
        connection.Prepare(BeginTransaction).Run();
        _merger.Step(connection, writes, wait);
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
            Settle([], mergeDue: true);
        }

        _merger.WaitUntilTold();
    }

    public void Dispose() => _checkpointer.Dispose();
}
