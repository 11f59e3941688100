using System.Globalization;
using Headgate.Ports;
using Headgate.Storage.Log;
using Headgate.Storage.Queue;
using Headgate.Storage.Queue.Records;
using Headgate.Storage.Tables;

namespace Headgate.Storage.Tests.Log;

/// <summary>Makes sequences of records that tables and queue could write: numbers grow, and only sent messages are completed.</summary>
internal static class StoreScript
{
    private static readonly DateTimeOffset s_at = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static List<ILogRecord> Of(byte[] choices)
    {
        var records = new List<ILogRecord>();
        var sent = new List<long>();
        for (var number = 1; number <= choices.Length; number++)
            records.Add(One(number, choices[number - 1], sent));
        return records;
    }

    private static ILogRecord One(int number, byte choice, List<long> sent)
    {
        var pick = choice / 16;
        var text = number.ToString(CultureInfo.InvariantCulture);
        switch (choice % 8)
        {
            case 1:
                return new StoredRow(new((Table)(pick % 3), $"p{pick % 2}", $"k{pick % 4}"), number, null);
            case 2 or 3:
                sent.Add(number);
                return Message(number, text, pick % 2 == 0);
            case 4 when sent.Count > 0:
                return new Delivered(sent[pick % sent.Count], number);
            case 5 when sent.Count > 0:
                return new Completed(Taken(sent, pick), pick % 2 == 0 ? new SentId("q", text, s_at) : null);
            case 6 when sent.Count > 0:
                return new DeadLettered(Taken(sent, pick), new(s_at, text, null));
            default:
                return new StoredRow(new((Table)(pick % 3), $"p{pick % 2}", $"k{pick % 4}"), number, [(byte)number, 7]);
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
}
