using Headgate.Storage.Log.Journal;
using Headgate.Storage.Sqlite;
using Headgate.Storage.Sqlite.Writing;

namespace Headgate.Storage.Log.Writing;

/// <summary>Writes a group to the journal as one transaction. Between groups it merges the journal into the tables. For one thread at a time.</summary>
/// <param name="database">The file.</param>
/// <param name="clients">The clients of the log.</param>
/// <param name="hasWork">Called on any thread when <see cref="HasWork"/> may have become true. Null: no checkpoint runs in the background.</param>
/// <param name="merged">As in <see cref="Merger"/>.</param>
internal sealed class GroupWriter(Database database, LogClients clients, Action? hasWork, Action<long> merged) : IDisposable
{
    private static readonly Sql BeginTransaction = new("BEGIN IMMEDIATE");
    private static readonly Sql CommitTransaction = new("COMMIT");
    private readonly Checkpointer _checkpointer = new(database, hasWork);
    private readonly JournalEncoder _encoder = new(clients);
    private readonly Merger _merger = new(clients, merged);
    private long _number;

    /// <summary>The journal holds something that is not in the tables.</summary>
    public bool IsBehind => !_merger.IsEmpty;

    /// <summary>There is work to do even without a group.</summary>
    /// <param name="mergeDue">As in <see cref="AfterCommit"/>.</param>
    public bool HasWork(bool mergeDue) => _checkpointer.HasWork || (!IsHeld && (mergeDue || _merger.IsMerging));

    /// <summary>Writes a group to the journal and waits for the disk.</summary>
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
        connection.Prepare(CommitTransaction).Run();
    }

    /// <summary>The work after a commit for which nobody waits: merges a few writes, and helps the checkpoint along.</summary>
    /// <param name="operations">The operations committed.</param>
    /// <param name="position">Log position of the last one.</param>
    /// <param name="mergeDue">The merge delay is over.</param>
    /// <returns>Whether the merge that was due has begun, or there is nothing to merge.</returns>
    /// <exception cref="DatabaseException">Nothing is lost: the journal has it.</exception>
    public bool AfterCommit(List<IWriteOperation> operations, long position, bool mergeDue) => AfterCommit(operations, position, mergeDue, held: IsHeld);

    // A merge would write pages that an almost finished checkpoint then has to copy.
    private bool IsHeld => _checkpointer.IsClosing && !_merger.IsLong;

    private bool AfterCommit(List<IWriteOperation> operations, long position, bool mergeDue, bool held)
    {
        _merger.Add(operations, _number, position, _encoder);
        var begun = !held && _merger.Begin(mergeDue);
        if (!held && _merger.IsMerging)
            Merge(isIdle: operations.Count == 0);
        _checkpointer.AfterCommit(database.Writer);
        return begun;
    }

    // Needs no flush: the journal on disk has these records, and its rows are deleted in the same transaction or a later one.
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

    /// <summary>Merges everything.</summary>
    /// <exception cref="DatabaseException">The rest stays in the journal.</exception>
    public void MergeAll()
    {
        while (IsBehind)
        {
            Commit([]);
            AfterCommit([], 0, mergeDue: true, held: false);
        }

        _merger.WaitUntilTold();
    }

    public void Forget() => database.Writer.Forget();

    public void Dispose() => _checkpointer.Dispose();
}
