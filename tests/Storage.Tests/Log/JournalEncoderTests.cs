using Headgate.Storage.Log;
using Headgate.Storage.Log.Journal;
using Headgate.Storage.Queue.Records;
using Headgate.Storage.Tables.Records;

namespace Headgate.Storage.Tests.Log;

public sealed class JournalEncoderTests
{
    [Fact]
    public void Add_RecordOfAKindThatNobodyOwns_IsRefusedAndLeavesNothing()
    {
        var encoder = new JournalEncoder(new LogClients(new RowLogClient(), new MessageLogClient()));
        new Note("one").Write(encoder);
        var before = encoder.Written.ToArray();

        var refusal = Assert.Throws<InvalidOperationException>(() => encoder.Add(new Unowned()));

        Assert.Contains($"kind {Unowned.Number}", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, encoder.Written.ToArray());
        Assert.Equal(1, encoder.Count);
    }

    [Fact]
    public async Task Append_RecordOfAKindThatNobodyOwns_FailsTheLogAndTheNextProcessOpens()
    {
        await using var fixture = new LogFixture();
        await fixture.Log.FlushedAsync(fixture.Log.Append(new Note("one")));
        fixture.Log.Append(new Stray());

        await Assert.ThrowsAsync<Ports.StoreUnavailableException>(async () => await fixture.Log.FlushedAsync());

        Assert.IsType<InvalidOperationException>(await fixture.Failed.Task);
        Assert.Equal(["one"], fixture.NotesAfterACrash());
    }

    private sealed class Stray : IWriteOperation
    {
        public void Write(IRecordSink records) => records.Add(new Unowned());
    }

    private sealed class Unowned : ILogRecord
    {
        public const byte Number = 255;

        public byte Kind => Number;

        public void Encode(ByteWriter fields) => fields.Byte(1);
    }
}
