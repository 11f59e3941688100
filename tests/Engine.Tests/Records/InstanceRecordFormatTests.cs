using Headgate.Engine.History;
using Headgate.Engine.Instances;
using Headgate.Engine.Instances.Records;
using Headgate.TestKit;
using Microsoft.DurableTask.Client;

namespace Headgate.Engine.Tests.Records;

/// <summary>Files outlive builds: the bytes of each kind never change.</summary>
public sealed class InstanceRecordFormatTests
{
    private static readonly DateTimeOffset s_at = new(5, TimeSpan.Zero);

    private static readonly (string Bytes, IInstanceRecord Record)[] s_pinned =
    [
        ("090269026e040005060102610000000000000000", Row),
        ("090269026e0400050600026100000002700271070800", Row with { Due = null, Parent = new("p", "q", 7, 8) }),
        ("0a0269000600", new InstanceProgress("i", OrchestrationRuntimeStatus.Running, s_at.AddTicks(1), null)),
        ("0b0269", new InstanceDeleted("i")),
        ("0c026902020102", new TurnAdded("i", 2, [1, 2])),
        ("0d0269", new HistoryCleared("i")),
        ("0e02690304010b", new EventQueued("i", new(3, 4, new ResumeAsked()))),
        ("0f026903", new EventTaken("i", 3)),
        ("100269", new InboxCleared("i")),
    ];

    private static InstanceRow Row => new()
    {
        Id = "i",
        Name = "n",
        Execution = 4,
        Status = OrchestrationRuntimeStatus.Running,
        Created = s_at,
        Updated = s_at.AddTicks(1),
        Due = InstanceRow.AtOnce,
        Input = "a",
    };

    [Fact]
    public void Encode_RecordOfAnyKind_GivesTheReleasedBytes() =>
        Assert.All(s_pinned, pinned => Assert.Equal(pinned.Bytes, RecordBytes.Of(pinned.Record)));

    [Fact]
    public void Decode_ReleasedBytes_GivesTheRecordAgain() =>
        Assert.All(s_pinned, pinned => Assert.Equal(pinned.Bytes, RecordBytes.Again(DurableEngine.LogClient, pinned.Bytes)));
}
