using Headgate.Storage.Log;
using Headgate.Storage.Queue;
using Headgate.Storage.Queue.Records;
using Headgate.Storage.Sqlite;
using Headgate.Storage.Tables;
using Headgate.Storage.Tables.Records;

namespace Headgate.Storage;

/// <summary>An open data folder: the database file, the log of its writes, and the tables and queues in it.</summary>
public sealed class EmbeddedStore : IAsyncDisposable
{
    private EmbeddedStore(Database database, WriteLog log, SqliteQueue queue, SqliteTableStore tables) =>
        (Database, Log, Queue, Tables) = (database, log, queue, tables);

    public Database Database { get; }

    public WriteLog Log { get; }

    public SqliteTableStore Tables { get; }

    public SqliteQueue Queue { get; }

    /// <summary>Takes the folder for this process and finishes what an earlier one left in the journal. If it throws, it has let go of everything.</summary>
    /// <param name="folder">The data folder; created if missing.</param>
    /// <param name="time">The clock of queues and lazy writes.</param>
    /// <param name="failed">Called once, on the writing thread, when the disk refuses a write. Must end the process.</param>
    /// <param name="sync">When a write counts as durable.</param>
    /// <param name="queueOptions">Null for the defaults.</param>
    /// <param name="writerThread">False: only <see cref="WriteLog.WriteWaiting"/> writes.</param>
    /// <param name="clients">Further clients of the log. A folder that holds records of a client opens only with that client.</param>
    /// <exception cref="DataFolderException">The folder can't be used, or its file is damaged.</exception>
    /// <exception cref="DatabaseException">The file turned out to be damaged while messages were read.</exception>
    public static EmbeddedStore Open(
        string folder,
        TimeProvider time,
        Action<Exception> failed,
        DiskSync sync = DiskSync.Full,
        QueueOptions? queueOptions = null,
        bool writerThread = true,
        params IReadOnlyList<ILogClient> clients)
    {
        var rows = new RowLogClient();
        var all = new LogClients([rows, new MessageLogClient(), .. clients]);
        var database = Database.Open(folder, sync, all.Recover);
        WriteLog? log = null;
        SqliteQueue? queue = null;
        try
        {
            log = new(database, all, time, failed, writerThread);
            queue = new(database, log, time, queueOptions ?? new());
            queue.Restore();
            return new(database, log, queue, new(database, log, rows, new QueueOutbox(queue)));
        }
        catch
        {
            // Not on the caller's thread, whose context may run one thing at a time.
            Task.Run(() => CloseAsync(queue, log, tables: null, database).AsTask()).GetAwaiter().GetResult();
            throw;
        }
    }

    /// <summary>Frees caches. They fill again on use.</summary>
    public void Forget()
    {
        Tables.Forget();
        Database.Readers.CloseIdle();
        Log.Forget();
    }

    /// <summary>Writes everything appended and closes the file. Stop all users of the store first.</summary>
    public ValueTask DisposeAsync() => CloseAsync(Queue, Log, Tables, Database);

    private static async ValueTask CloseAsync(SqliteQueue? queue, WriteLog? log, SqliteTableStore? tables, Database database)
    {
        try
        {
            if (queue is not null)
                await queue.DisposeAsync();
            if (log is not null)
                await log.DisposeAsync();
            tables?.Dispose();
        }
        finally
        {
            database.Dispose();
        }
    }
}
