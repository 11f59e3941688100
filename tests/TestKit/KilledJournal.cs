using Headgate.LocalHost.Durable.Instances;
using Headgate.LocalHost.Journal;
using Headgate.LocalHost.Queue;
using Headgate.LocalHost.Queue.DeadLetters;
using Headgate.LocalHost.Queue.Storage;
using Headgate.LocalHost.Sqlite;
using Headgate.LocalHost.Tables;
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
        JournalStatements.Replay(connection, journal);
        journal.IsHalfMerged = journal._rows.Exists(row => row.Data is not null && RowStatements.Find(connection, row.Address)?.Version == row.Version);
        return journal;
    }

    void IRecordSink.Row(StoredRow row) => _rows.Add(row);

    void IRecordSink.MessageSent(QueuedMessage message)
    {
    }

    void IRecordSink.MessageDelivered(long sequence, int deliveries)
    {
    }

    void IRecordSink.MessageCompleted(long sequence, SentId? kept)
    {
    }

    void IRecordSink.MessageDeadLettered(long sequence, DeadLettering letter)
    {
    }

    void IRecordSink.MessageIdsForgotten(DateTimeOffset sentUntil)
    {
    }

    void IRecordSink.Instance(InstanceRow row)
    {
    }

    void IRecordSink.InstanceProgressed(InstanceProgress progress)
    {
    }

    void IRecordSink.InstanceDeleted(string id)
    {
    }

    void IRecordSink.TurnAdded(string id, int turn, byte[] events)
    {
    }

    void IRecordSink.HistoryCleared(string id)
    {
    }

    void IRecordSink.EventQueued(string id, InboxItem item)
    {
    }

    void IRecordSink.EventTaken(string id, long number)
    {
    }

    void IRecordSink.InboxCleared(string id)
    {
    }
}
