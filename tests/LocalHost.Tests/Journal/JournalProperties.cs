using FsCheck;
using FsCheck.Fluent;
using Headgate.LocalHost.Journal;
using Headgate.LocalHost.Sqlite;
using Headgate.TestKit;

namespace Headgate.LocalHost.Tests.Journal;

/// <summary>Whatever happened, the tables come out as if every record had been written by itself, at once and in order.</summary>
public sealed class JournalProperties
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(120);

    [Fact]
    public void Writes_OfManyRecordsAtOnce_EqualThoseOfEachByItself() => Check(records =>
    {
        var pending = new PendingChanges();
        records.ForEach(record => record(pending));
        return [pending];
    });

    [Fact]
    public void Writes_AfterEncodingAndDecoding_AreTheSame() => Check(records =>
    {
        var encoder = new JournalEncoder();
        records.ForEach(record => record(encoder));
        var pending = new PendingChanges();
        JournalDecoder.Replay(encoder.Written, pending);
        Assert.Equal(records.Count, encoder.Count);
        return [pending];
    });

    [Fact]
    public void Writes_AgainAfterAPartOfThem_EndTheSame() => Check(records =>
    {
        var (part, whole) = (new PendingChanges(), new PendingChanges(partlyMerged: true));
        records.Take(records.Count * 2 / 3).ToList().ForEach(record => record(part));
        records.ForEach(record => record(whole));
        return [part, whole];
    });

    private static void Check(Func<List<Action<IRecordSink>>, List<PendingChanges>> way) =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), choices =>
        {
            var records = RecordScript.Of(choices);
            var oneByOne = records.ConvertAll(record =>
            {
                var single = new PendingChanges();
                record(single);
                return single;
            });
            Assert.Equal(TablesAfter(oneByOne), TablesAfter(way(records)));
        }).Check(s_config);

    private static List<string> TablesAfter(List<PendingChanges> all)
    {
        using var folder = new TempFolder();
        using var database = Database.Open(folder.Path, DiskSync.Off);
        var writer = database.Writer;
        writer.Execute("BEGIN");
        foreach (var write in all.SelectMany(pending => pending.Writes()))
            write.Run(writer);
        var tables = TableDump.Of(writer);
        writer.Execute("COMMIT");
        return tables;
    }
}
