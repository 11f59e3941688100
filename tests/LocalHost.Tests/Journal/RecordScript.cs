using System.Globalization;
using Headgate.LocalHost.Durable.History;
using Headgate.LocalHost.Durable.Instances;
using Headgate.LocalHost.Journal;
using Headgate.LocalHost.Queue;
using Headgate.LocalHost.Queue.Storage;
using Headgate.Ports;
using Microsoft.DurableTask.Client;

namespace Headgate.LocalHost.Tests.Journal;

/// <summary>Runs of records as the service could write them: numbers grow, and what was never sent is not completed.</summary>
internal static class RecordScript
{
    private static readonly DateTimeOffset s_at = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static List<Action<IRecordSink>> Of(byte[] choices)
    {
        var records = new List<Action<IRecordSink>>();
        var sent = new List<long>();
        var queued = new List<(string Id, long Number)>();
        for (var number = 1; number <= choices.Length; number++)
            records.Add(One(number, choices[number - 1], sent, queued));
        return records;
    }

    private static Action<IRecordSink> One(int number, byte choice, List<long> sent, List<(string Id, long Number)> queued)
    {
        var pick = choice / 16;
        var id = $"i{pick % 3}";
        var text = number.ToString(CultureInfo.InvariantCulture);
        switch (choice % 16)
        {
            case 0 or 1:
                return sink => sink.Row(new(new((Table)(pick % 3), $"p{pick % 2}", $"k{pick % 4}"), number, [(byte)number, 7]));
            case 2:
                return sink => sink.Row(new(new((Table)(pick % 3), $"p{pick % 2}", $"k{pick % 4}"), number, null));
            case 3 or 4:
                sent.Add(number);
                return sink => sink.MessageSent(Message(number, text, pick % 2 == 0));
            case 5 when sent.Count > 0:
                var delivered = sent[pick % sent.Count];
                return sink => sink.MessageDelivered(delivered, number);
            case 6 when sent.Count > 0:
                var done = Taken(sent, pick);
                return sink => sink.MessageCompleted(done, pick % 2 == 0 ? new SentId("q", text, s_at) : null);
            case 7 when sent.Count > 0:
                var dead = Taken(sent, pick);
                return sink => sink.MessageDeadLettered(dead, new(s_at, text, null));
            case 8:
                return sink => sink.Instance(Row(id, number, pick));
            case 9:
                return sink => sink.InstanceProgressed(new(id, OrchestrationRuntimeStatus.Running, s_at.AddSeconds(number), pick % 2 == 0 ? number : null));
            case 10:
                return sink => sink.InstanceDeleted(id);
            case 11:
                return sink => sink.TurnAdded(id, number, [1, 2, (byte)number]);
            case 12:
                return sink => sink.HistoryCleared(id);
            case 13:
                queued.Add((id, number));
                return sink => sink.EventQueued(id, new(number, pick, new EventRaised(number, "go", text)));
            case 14 when queued.Count > 0:
                var (of, taken) = queued[pick % queued.Count];
                queued.RemoveAt(pick % queued.Count);
                return sink => sink.EventTaken(of, taken);
            default:
                return sink => sink.InboxCleared(id);
        }
    }

    private static long Taken(List<long> sent, int pick)
    {
        var sequence = sent[pick % sent.Count];
        sent.Remove(sequence);
        return sequence;
    }

    private static QueuedMessage Message(long number, string text, bool scheduled) => new()
    {
        Sequence = number,
        Queue = "runs",
        MessageId = text,
        Body = new byte[] { 1, (byte)number },
        TraceParent = scheduled ? null : "00-trace",
        EnqueuedAt = s_at,
        ScheduledFor = scheduled ? s_at.AddMinutes(number) : null,
    };

    private static InstanceRow Row(string id, int number, int pick) => new()
    {
        Id = id,
        Name = "Main",
        Execution = number,
        Status = pick % 2 == 0 ? OrchestrationRuntimeStatus.Pending : OrchestrationRuntimeStatus.Failed,
        Created = s_at,
        Updated = s_at.AddSeconds(number),
        Due = pick % 3 == 0 ? InstanceRow.AtOnce : pick % 3 == 1 ? number : null,
        Input = pick % 4 == 0 ? null : $"in {number}",
        Output = pick % 4 == 1 ? "out" : null,
        CustomStatus = pick % 4 == 2 ? "half" : null,
        Failure = pick % 2 == 0 ? null : Failures.Named("Broken", $"at {number}"),
        Parent = pick % 4 == 3 ? new("parent", "Outer", number, number + 1) : null,
        Tags = pick % 5 == 0 ? new Dictionary<string, string> { ["a"] = "b" } : null,
    };
}
