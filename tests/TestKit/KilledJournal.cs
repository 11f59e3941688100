using Headgate.Engine;
using Headgate.Storage.Log;
using Headgate.Storage.Log.Journal;
using Headgate.Storage.Queue.Records;
using Headgate.Storage.Sqlite;
using Headgate.Storage.Tables;
using Headgate.Storage.Tables.Records;
using SQLitePCL;

namespace Headgate.TestKit;

/// <summary>What a killed service had acknowledged and not yet brought into its tables.</summary>
public sealed class KilledJournal : IRecordSink
{
    private readonly List<StoredRow> _rows = [];

    private KilledJournal()
    {
    }

    /// <summary>Rows that wait in the journal.</summary>
    public int Rows => _rows.Count;

    /// <summary>Some of them are in the tables already: the kill fell between two steps of a merge.</summary>
    public bool IsHalfMerged { get; private set; }

    /// <summary>Reads a copy: nothing may be mended before the next start.</summary>
    public static KilledJournal Read(string folder)
    {
        Batteries_V2.Init();
        using var copy = new TempFolder();
        foreach (var file in Directory.EnumerateFiles(folder, "headgate.db*"))
            File.Copy(file, copy[Path.GetFileName(file)]);
        var journal = new KilledJournal();
        using var connection = Connection.Open(copy["headgate.db"], [], readOnly: false);
        JournalStatements.Replay(connection, new(new RowLogClient(), new MessageLogClient(), DurableEngine.LogClient), journal);
        journal.IsHalfMerged = journal._rows.Exists(row => row.Data is not null && RowStatements.Find(connection, row.Address)?.Version == row.Version);
        return journal;
    }

    void IRecordSink.Add(ILogRecord record)
    {
        if (record is StoredRow row)
            _rows.Add(row);
    }
}
