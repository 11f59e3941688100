using Headgate.Storage.Log;
using Headgate.Storage.Queue;
using Headgate.Storage.Queue.Records;
using Headgate.Storage.Sqlite;
using Headgate.Storage.Tables;
using Headgate.Storage.Tables.Records;

namespace Headgate.Storage;

/// <summary>Everything a data folder holds: one database file, the log of its writes, tables and queues, and what other clients of the log keep there.</summary>
public sealed class EmbeddedStore : IAsyncDisposable
{
    private EmbeddedStore(Database database, WriteLog log, RowLogClient rows, TimeProvider time, QueueOptions queueOptions)
    {
        (Database, Log) = (database, log);
        Queue = new(database, log, time, queueOptions);
        Tables = new(database, log, rows, new QueueOutbox(Queue));
    }

    public Database Database { get; }

    public WriteLog Log { get; }

    public SqliteTableStore Tables { get; }

    public SqliteQueue Queue { get; }

    /// <param name="folder">The data folder; made if it isn't there.</param>
    /// <param name="time">The clock of queues and lazy writes.</param>
    /// <param name="failed">Must end the process: the disk refused a write. Called once, on the thread that wrote.</param>
    /// <param name="sync">When a write counts as durable.</param>
    /// <param name="queueOptions">Null for the defaults.</param>
    /// <param name="writerThread">False: <see cref="WriteLog.WriteWaiting"/> writes.</param>
    /// <param name="clients">Who else keeps something in the folder through its log. A folder that holds anything of a client's opens with it only.</param>
    /// <exception cref="DataFolderException">The folder can't be used.</exception>
    /// <exception cref="DatabaseException">The file is damaged or no database.</exception>
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
        return new(database, new(database, all, time, failed, writerThread), rows, time, queueOptions ?? new());
    }

    /// <summary>Forgets what is kept in memory only to be fast: it is read again by whoever needs it.</summary>
    public void Forget()
    {
        Tables.Forget();
        Database.Readers.CloseIdle();
        Log.Forget();
    }

    /// <summary>Writes everything that waits and closes the file. Stop whoever uses the storage first.</summary>
    public async ValueTask DisposeAsync()
    {
        await Queue.DisposeAsync();
        await Log.DisposeAsync();
        Tables.Dispose();
        Database.Dispose();
    }
}
