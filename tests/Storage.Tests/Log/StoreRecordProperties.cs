using FsCheck;
using FsCheck.Fluent;
using Headgate.Storage.Log;
using Headgate.Storage.Queue.Records;
using Headgate.Storage.Tables.Records;
using Headgate.TestKit;

namespace Headgate.Storage.Tests.Log;

/// <summary>Coalesced records leave the tables as if each record had been written at once and in order.</summary>
public sealed class StoreRecordProperties
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(120);
    private static readonly RecordWays s_ways = new(new(new RowLogClient(), new MessageLogClient()), StoreDump.Of);

    [Fact]
    public void Writes_OfManyRecordsAtOnce_EqualThoseOfEachByItself() => Check(s_ways.ManyAtOnce);

    [Fact]
    public void Writes_AfterEncodingAndDecoding_AreTheSame() => Check(s_ways.EncodedAndDecoded);

    [Fact]
    public void Writes_AgainAfterAPartOfThem_EndTheSame() => Check(s_ways.AgainAfterAPart);

    private static void Check(Func<List<ILogRecord>, List<string>> way) => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), choices =>
    {
        var records = StoreScript.Of(choices);
        Assert.Equal(s_ways.EachByItself(records), way(records));
    }).Check(s_config);
}
