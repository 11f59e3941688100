using System.Diagnostics;
using Headgate.LocalHost.Journal;

namespace Headgate.LocalHost.Sqlite.Writing;

/// <summary>
/// Writes a group as one transaction: its records go into the journal, and a little of what earlier groups left there goes into the
/// tables. Belongs to the writer thread.
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

    /// <param name="operations">In log order; none for a step of merging alone.</param>
    /// <param name="mergeDue">Whether the time has come to merge what the journal holds.</param>
    /// <returns>Whether <paramref name="mergeDue"/> has been seen to.</returns>
    /// <exception cref="DatabaseException">Nothing of the group was written.</exception>
    public bool Commit(List<IWriteOperation> operations, bool mergeDue)
    {
        _encoder.Clear();
        foreach (var operation in operations)
            operation.Write(_encoder);
        var seen = _merger.Begin(mergeDue);
        var connection = database.Writer;
        connection.Prepare(BeginTransaction).Run();
        if (operations.Count > 0)
            JournalStatements.Append(connection, ++_number, _encoder.Written);
        // More than comes in, so that a stretch is merged before the next one is full.
        _merger.Step(connection, operations.Count == 0 ? IdleStep : 32 + (_encoder.Count * 3 / 2), wait: operations.Count == 0);
        var start = Stopwatch.GetTimestamp();
        connection.Prepare(CommitTransaction).Run();
        Volatile.Write(ref _lastFlushTicks, Stopwatch.GetElapsedTime(start).Ticks);
        Volatile.Write(ref _commits, _commits + 1);
        return seen;
    }

    /// <summary>What is left to do for a group once nobody waits for it any more.</summary>
    public void Settle(List<IWriteOperation> operations)
    {
        _merger.Committed();
        _merger.Add(operations, _number, _encoder.Written.Length);
        _checkpointer.AfterCommit(database.Writer);
    }

    /// <summary>Brings everything into the tables.</summary>
    /// <exception cref="DatabaseException">It stays in the journal.</exception>
    public void MergeAll()
    {
        while (IsBehind)
        {
            Commit([], mergeDue: true);
            Settle([]);
        }

        _merger.WaitUntilTold();
    }

    public void Dispose() => _checkpointer.Dispose();
}
