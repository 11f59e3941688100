using Headgate.Storage.Log;
using Headgate.Storage.Log.Journal;
using Headgate.Storage.Sqlite;

namespace Headgate.TestKit;

/// <summary>The ways on which records get into the tables, all of which must end the same. Each gives what the tables hold then.</summary>
/// <param name="clients">Whose records they are.</param>
/// <param name="dump">Reads what the tables hold, as texts to compare.</param>
public sealed class RecordWays(LogClients clients, Func<Connection, List<string>> dump)
{
    public List<string> EachByItself(List<ILogRecord> records) => TablesAfter([.. records.Select(record => Gathered([record]))]);

    public List<string> ManyAtOnce(List<ILogRecord> records) => TablesAfter([Gathered(records)]);

    public List<string> EncodedAndDecoded(List<ILogRecord> records)
    {
        var encoder = new JournalEncoder(clients);
        records.ForEach(encoder.Add);
        var pending = new PendingChanges(clients);
        clients.Decode(encoder.Written, pending);
        return encoder.Count == records.Count
            ? TablesAfter([pending])
            : throw new InvalidOperationException($"Of {records.Count} records {encoder.Count} were encoded.");
    }

    public List<string> AgainAfterAPart(List<ILogRecord> records) =>
        TablesAfter([Gathered(records.Take(records.Count * 2 / 3)), Gathered(records, partlyMerged: true)]);

    private PendingChanges Gathered(IEnumerable<ILogRecord> records, bool partlyMerged = false)
    {
        var pending = new PendingChanges(clients, partlyMerged);
        foreach (var record in records)
            pending.Add(record);
        return pending;
    }

    private List<string> TablesAfter(List<PendingChanges> all)
    {
        using var folder = new TempFolder();
        using var database = Database.Open(folder.Path, DiskSync.Off);
        var writer = database.Writer;
        writer.Execute("BEGIN");
        foreach (var write in all.SelectMany(pending => pending.Writes()))
            write.Run(writer);
        var tables = dump(writer);
        writer.Execute("COMMIT");
        tables.Sort(StringComparer.Ordinal);
        return tables;
    }
}
