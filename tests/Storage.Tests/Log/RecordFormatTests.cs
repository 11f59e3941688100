using Headgate.Ports;
using Headgate.Storage.Log;
using Headgate.Storage.Queue;
using Headgate.Storage.Queue.Records;
using Headgate.Storage.Tables;
using Headgate.Storage.Tables.Records;
using Headgate.TestKit;

namespace Headgate.Storage.Tests.Log;

/// <summary>Files outlive builds: the bytes of each kind never change.</summary>
public sealed class RecordFormatTests
{
    private static readonly DateTimeOffset s_at = new(5, TimeSpan.Zero);

    private static readonly (string Bytes, ILogRecord Record)[] s_rows =
    [
        ("01020270026b07020102", new StoredRow(new((Table)2, "p", "k"), 7, [1, 2])),
        ("02020270026bac02", new StoredRow(new((Table)2, "p", "k"), 300, null)),
    ];

    private static readonly (string Bytes, ILogRecord Record)[] s_messages =
    [
        ("03090271026d01ff000500", new QueuedMessage { Sequence = 9, Queue = "q", MessageId = "m", Body = new byte[] { 255 }, EnqueuedAt = s_at }),
        ("03090271026d01ff02740506", new QueuedMessage { Sequence = 9, Queue = "q", MessageId = "m", Body = new byte[] { 255 }, TraceParent = "t", EnqueuedAt = s_at, ScheduledFor = s_at.AddTicks(1) }),
        ("040903", new Delivered(9, 3)),
        ("05090271026d05", new Completed(9, new SentId("q", "m", s_at))),
        ("0609", new Completed(9, null)),
        ("070905027200", new DeadLettered(9, new(s_at, "r", null))),
        ("0805", new Forgotten(s_at)),
    ];

    [Fact]
    public void Encode_RecordOfAnyKind_GivesTheReleasedBytes() =>
        Assert.All(s_rows.Concat(s_messages), pinned => Assert.Equal(pinned.Bytes, RecordBytes.Of(pinned.Record)));

    [Fact]
    public void Decode_ReleasedBytes_GivesTheRecordAgain()
    {
        Assert.All(s_rows, pinned => Assert.Equal(pinned.Bytes, RecordBytes.Again(new RowLogClient(), pinned.Bytes)));
        Assert.All(s_messages, pinned => Assert.Equal(pinned.Bytes, RecordBytes.Again(new MessageLogClient(), pinned.Bytes)));
    }
}
