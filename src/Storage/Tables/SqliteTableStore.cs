using Headgate.Ports;
using Headgate.Ports.Limits;
using Headgate.Storage.Log;
using Headgate.Storage.Sqlite;
using Headgate.Storage.Tables.InMemory;
using Headgate.Storage.Tables.Records;

namespace Headgate.Storage.Tables;

/// <summary>
/// Tables on SQLite. A change is decided in memory and appended to the log in one step, so that the order of decisions is the order on
/// disk. It is applied when <see cref="SubmitAsync"/> returns and durable after <see cref="WriteLog.FlushedAsync()"/>. All batches of a
/// change are one operation. Every call completes synchronously.
/// </summary>
public sealed class SqliteTableStore : ITableStore, IDisposable
{
    private readonly Database _database;
    private readonly WriteLog _log;
    private readonly IOutbox _outbox;
    private readonly RowMemory _memory = new();
    private readonly Connection _decider;

    internal SqliteTableStore(Database database, WriteLog log, RowLogClient client, IOutbox outbox)
    {
        (_database, _log, _outbox) = (database, log, outbox);
        _decider = database.Readers.Borrow();
        client.RowsMerged = _memory.Merged;
    }

    /// <inheritdoc/>
    /// <remarks>Null for a key outside the grammar.</remarks>
    public ValueTask<TableRow?> GetAsync(Table table, string partitionKey, string rowKey, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!KeyGrammar.IsValid(partitionKey) || !KeyGrammar.IsValid(rowKey))
            return ValueTask.FromResult<TableRow?>(null);
        var address = new RowAddress(table, partitionKey, rowKey);
        return ValueTask.FromResult(_memory.TryFind(address, out var known, out _) ? known?.Row : ReadFromDisk(address));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The page size is not 1 to 1000, or the continuation is from another query.</exception>
    public ValueTask<TablePage> QueryAsync(TableQuery query, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var range = KeyRange.Of(query);
        var (memory, isAll) = _memory.Within(range);
        if (isAll)
            return ValueTask.FromResult(RangeReader.Read(memory, query));
        return ValueTask.FromResult(ReadFromDisk(range, memory, query));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A batch, key, column or message breaks a limit; nothing was applied.</exception>
    public ValueTask<ChangeOutcome> SubmitAsync(TableChange change, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var batches = PreparedChange.Of(change);
        _outbox.Check(change.Messages);
        var (outcome, messages) = Apply(batches, change.Messages);
        if (messages.Count > 0)
            _outbox.Publish(messages);
        return ValueTask.FromResult(outcome);
    }

    internal void Forget() => _memory.Forget();

    public void Dispose() => _database.Readers.Return(_decider);

    private (ChangeOutcome Outcome, IReadOnlyList<ILogRecord> Messages) Apply(PreparedWrite[][] batches, IReadOnlyList<OutgoingMessage> outgoing)
    {
        lock (_memory.Gate)
        {
            var decision = new ChangeDecision(_memory, _decider, _database.Numbers);
            var outcome = Decide(decision, batches);
            if (!outcome.Succeeded)
                return (outcome, []);
            var messages = _outbox.Stage(outgoing);
            if (decision.Rows.Length + messages.Count > 0)
                _log.AppendForFlush(new ChangeOperation(decision.Rows, messages));
            _memory.Put(decision.Rows);
            return (outcome, messages);
        }
    }

    private static ChangeOutcome Decide(ChangeDecision decision, PreparedWrite[][] batches)
    {
        try
        {
            return decision.Decide(batches);
        }
        catch (DatabaseException problem)
        {
            throw Unreadable(problem);
        }
    }

    private TablePage ReadFromDisk(KeyRange range, List<StoredRow> memory, TableQuery query) =>
        Reading(connection => RangeReader.Read(connection, range, memory, query));

    private TableRow? ReadFromDisk(RowAddress address) => Reading(connection => _memory.Read(connection, address)?.Row);

    private T Reading<T>(Func<Connection, T> read)
    {
        var connection = _database.Readers.Borrow();
        try
        {
            return read(connection);
        }
        catch (DatabaseException problem)
        {
            throw Unreadable(problem);
        }
        finally
        {
            _database.Readers.Return(connection);
        }
    }

    private static StoreUnavailableException Unreadable(DatabaseException problem) => new("The database could not be read.", problem);
}
