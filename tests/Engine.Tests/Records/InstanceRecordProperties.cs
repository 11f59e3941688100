using FsCheck;
using FsCheck.Fluent;
using Headgate.Engine;
using Headgate.Storage.Log;
using Headgate.TestKit;

namespace Headgate.Engine.Tests.Records;

/// <summary>Coalesced records leave the tables as if each record had been written at once and in order.</summary>
public sealed class InstanceRecordProperties
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(120);
    private static readonly RecordWays s_ways = new(new(DurableEngine.LogClient), InstanceDump.Of);

    [Fact]
    public void Writes_OfManyRecordsAtOnce_EqualThoseOfEachByItself() => Check(s_ways.ManyAtOnce);

    [Fact]
    public void Writes_AfterEncodingAndDecoding_AreTheSame() => Check(s_ways.EncodedAndDecoded);

    [Fact]
    public void Writes_AgainAfterAPartOfThem_EndTheSame() => Check(s_ways.AgainAfterAPart);

    private static void Check(Func<List<ILogRecord>, List<string>> way) => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), choices =>
    {
        var records = InstanceScript.Of(choices);
        Assert.Equal(s_ways.EachByItself(records), way(records));
    }).Check(s_config);
}
