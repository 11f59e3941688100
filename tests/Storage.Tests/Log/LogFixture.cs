using Headgate.Storage.Log;
using Headgate.Storage.Sqlite;
using Headgate.Storage.Tables.Records;
using Headgate.Storage.Tests.Sqlite;
using Headgate.TestKit;

namespace Headgate.Storage.Tests.Log;

/// <summary>A log on a new database, with a clock that stands still: lazy operations wait until something has them written.</summary>
internal sealed class LogFixture : IAsyncDisposable
{
    private readonly TempFolder _folder = new();

    public LogFixture(bool ownThread = true)
    {
        Clients = new(Rows);
        Database = Database.Open(_folder.Path, DiskSync.Off, Clients.Recover);
        Log = new WriteLog(Database, Clients, Clock, problem => Failed.TrySetResult(problem), ownThread);
    }

    /// <summary>Only rows: <see cref="Note"/> writes nothing else.</summary>
    public LogClients Clients { get; }

    public RowLogClient Rows { get; } = new();

    public ManualClock Clock { get; } = new();

    public Database Database { get; }

    public WriteLog Log { get; }

    public TaskCompletionSource<Exception> Failed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the tables hold once everything is merged.</summary>
    public async Task<List<string>> NotesAsync()
    {
        await Log.MergedAsync();
        return Note.ReadAll(Database);
    }

    /// <summary>What the next process finds if this one is killed now.</summary>
    public List<string> NotesAfterACrash()
    {
        using var copy = new CrashCopy(_folder.Path);
        using var database = Database.Open(copy.Path, DiskSync.Off, new LogClients(new RowLogClient()).Recover);
        return Note.ReadAll(database);
    }

    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        Database.Dispose();
        _folder.Dispose();
    }
}
