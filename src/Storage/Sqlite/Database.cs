using Headgate.Storage.Sqlite.Damage;
using Headgate.Storage.Sqlite.Writing;
using Microsoft.Win32.SafeHandles;
using SQLitePCL;

namespace Headgate.Storage.Sqlite;

/// <summary>When a commit counts as done.</summary>
public enum DiskSync
{
    /// <summary>When the disk confirms it: the commit survives a power loss.</summary>
    Full,

    /// <summary>When the operating system has it: the commit survives the process but not a power loss. For tests.</summary>
    Off,
}

/// <summary>The database file of a data folder: one writing connection and many reading ones.</summary>
public sealed class Database : IDisposable
{
    // No memory map: the file grows, and mapping it again for each reader costs more than it saves.
    private static readonly string[] Reading = ["query_only = ON"];
    private const int MemoryStatistics = 9; // SQLITE_CONFIG_MEMSTATUS
    private readonly DataFolder _folder;
    private readonly SafeFileHandle _file;

    static Database()
    {
        Batteries_V2.Init();
        // Nobody reads the statistics, and every allocation would take a global lock for them.
        _ = raw.sqlite3_config(MemoryStatistics, 0);
    }

    private Database(DataFolder folder, Connection writer, DiskSync sync)
    {
        _folder = folder;
        Writer = writer;
        Sync = sync;
        Numbers = new SequenceNumbers(writer);
        Readers = new ReaderPool(() => Connection.Open(folder.DatabasePath, Reading, readOnly: true));
        _file = File.OpenHandle(folder.DatabasePath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    }

    public ReaderPool Readers { get; }

    public SequenceNumbers Numbers { get; }

    internal Connection Writer { get; }

    private DiskSync Sync { get; }

    /// <summary>Takes the folder for this process, migrates the schema, recovers the tables and counts the start.</summary>
    /// <param name="folder">The data folder; created if missing.</param>
    /// <param name="sync">When a commit counts as done.</param>
    /// <param name="recover">Merges what the journal holds, on the writing connection, before anyone reads. Null only if nobody reads or appends.</param>
    /// <exception cref="DataFolderException">
    /// The folder is in use, can't be written, is damaged, or holds a newer schema. Its files are unchanged.
    /// </exception>
    internal static Database Open(string folder, DiskSync sync = DiskSync.Full, Action<Connection>? recover = null)
    {
        var held = DataFolder.Hold(folder);
        Connection? writer = null;
        try
        {
            DamageCheck.BeforeOpening(held.DatabasePath);
            writer = OpenWriter(held, sync);
            DamageCheck.AfterOpening(writer, held.DatabasePath);
            Migrations.Apply(writer);
            recover?.Invoke(writer);
            return new(held, writer, sync);
        }
        catch (Exception problem)
        {
            writer?.DisposeAsFound();
            held.Dispose();
            if (problem is DatabaseException refused)
                throw new DataFolderException(Refusal(held.DatabasePath, refused), refused);
            throw;
        }
    }

    /// <summary>Whether the writer's commits wait for the disk from now on. Those that don't reach it in order, with the next one that does.</summary>
    internal void FlushCommits(bool flush)
    {
        if (Sync == DiskSync.Full)
            Writer.Execute(flush ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    }

    /// <summary>A second writing connection, for checkpoints only.</summary>
    internal Connection OpenCheckpointer() => OpenWriter(_folder, Sync);

    /// <summary>Waits until pages copied into the database file are on disk. SQLite does so itself only at the end of a complete checkpoint.</summary>
    internal void FlushFile()
    {
        if (Sync == DiskSync.Full)
            EvenFlush.Run(_file);
    }

    /// <summary>Closing the last connection checkpoints and deletes the write-ahead log.</summary>
    public void Dispose()
    {
        Readers.Dispose();
        Writer.Dispose();
        // After SQLite's own handles: when a process closes any handle of a file, POSIX drops all its locks on that file.
        _file.Dispose();
        _folder.Dispose();
    }

    private static string Refusal(string path, DatabaseException refused) => refused.PrimaryCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB
        ? DamageCheck.Report(path, refused.Message)
        : $"The database {path} can't be opened: {refused.Message}. Is there room on its disk, and may this user write it?";

    private static Connection OpenWriter(DataFolder folder, DiskSync sync) => Connection.Open(
        folder.DatabasePath,
        ["journal_mode = WAL", $"synchronous = {(sync == DiskSync.Full ? "FULL" : "OFF")}", "wal_autocheckpoint = 0", "cache_size = -8192", "temp_store = MEMORY"],
        readOnly: false);
}
