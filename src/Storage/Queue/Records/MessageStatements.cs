using Headgate.Ports;
using Headgate.Storage.Queue.DeadLetters;
using Headgate.Storage.Sqlite;

namespace Headgate.Storage.Queue.Records;

/// <summary>All SQL on the messages table.</summary>
internal static class MessageStatements
{
    private static readonly Sql InsertMessage = new(
        "INSERT OR REPLACE INTO messages(seq, queue, id, body, trace, enqueued, scheduled, deliveries, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0)");

    private static readonly Sql CountDelivery = new("UPDATE messages SET deliveries = ?2 WHERE seq = ?1");
    private static readonly Sql DeleteMessage = new("DELETE FROM messages WHERE seq = ?1");
    private static readonly Sql MoveToDeadLetters = new("UPDATE messages SET state = 1, reason = ?2, description = ?3, ended = ?4 WHERE seq = ?1");

    private static readonly Sql SelectActive = new(
        "SELECT seq, queue, id, body, trace, enqueued, scheduled, deliveries FROM messages WHERE state = 0 ORDER BY max(enqueued, coalesce(scheduled, 0)), seq");

    private static readonly Sql SelectRecent = new("SELECT queue, id, enqueued FROM messages WHERE enqueued > ?1");
    private static readonly Sql SelectLatest = new(
        "SELECT max(latest) FROM (SELECT max(enqueued, coalesce(ended, 0)) AS latest FROM messages UNION ALL SELECT latest FROM message_ids)");

    private static readonly Sql SelectShelf = new("SELECT queue, seq, ended FROM messages WHERE state = 1 ORDER BY ended, seq");

    private static readonly Sql SelectDead = new(
        "SELECT seq, id, body, enqueued, deliveries, reason, description FROM messages WHERE state = 1 AND queue = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3");

    public static void Insert(Connection connection, QueuedMessage message) => connection.Prepare(InsertMessage)
        .Bind(1, message.Sequence).Bind(2, message.Queue).Bind(3, message.MessageId).Bind(4, message.Body.Span).Bind(5, message.TraceParent)
        .Bind(6, message.EnqueuedAt.UtcTicks).Bind(7, message.ScheduledFor?.UtcTicks).Run();

    public static void Delivered(Connection connection, long sequence, int deliveries) =>
        connection.Prepare(CountDelivery).Bind(1, sequence).Bind(2, deliveries).Run();

    public static void Delete(Connection connection, long sequence) => connection.Prepare(DeleteMessage).Bind(1, sequence).Run();

    public static void DeadLettered(Connection connection, long sequence, DeadLettering letter) => connection.Prepare(MoveToDeadLetters)
        .Bind(1, sequence).Bind(2, letter.Reason).Bind(3, letter.Description).Bind(4, letter.At.UtcTicks).Run();

    public static IEnumerable<QueuedMessage> ReadActive(Connection connection)
    {
        var row = connection.Prepare(SelectActive);
        while (row.Step())
        {
            yield return new()
            {
                Sequence = row.Long(0),
                Queue = row.Text(1),
                MessageId = row.Text(2),
                Body = row.Blob(3).ToArray(),
                TraceParent = row.TextOrNull(4),
                EnqueuedAt = Time(row.Long(5)),
                ScheduledFor = row.LongOrNull(6) is { } scheduled ? Time(scheduled) : null,
                DeliveryCount = (int)row.Long(7),
            };
        }
    }

    /// <summary>Ids of messages sent after <paramref name="time"/> and not completed.</summary>
    public static IEnumerable<SentId> ReadRecent(Connection connection, DateTimeOffset time)
    {
        var row = connection.Prepare(SelectRecent).Bind(1, time.UtcTicks);
        while (row.Step())
            yield return new(row.Text(0), row.Text(1), Time(row.Long(2)));
    }

    /// <summary>The latest time stored with any message or id; default if none.</summary>
    public static DateTimeOffset ReadLatest(Connection connection)
    {
        var row = connection.Prepare(SelectLatest);
        var latest = row.Step() && row.LongOrNull(0) is { } ticks ? Time(ticks) : default;
        row.Reset();
        return latest;
    }

    /// <summary>All dead letters, oldest first.</summary>
    public static IEnumerable<(string Queue, long Sequence, DateTimeOffset At)> ReadShelf(Connection connection)
    {
        var row = connection.Prepare(SelectShelf);
        while (row.Step())
            yield return (row.Text(0), row.Long(1), Time(row.Long(2)));
    }

    public static List<QueueDeadLetter> ReadDead(Connection connection, string queue, long after, int most)
    {
        var row = connection.Prepare(SelectDead).Bind(1, queue).Bind(2, after).Bind(3, most);
        var letters = new List<QueueDeadLetter>();
        while (row.Step())
            letters.Add(new(row.Long(0), row.Text(1), row.Blob(2).ToArray(), Time(row.Long(3)), (int)row.Long(4), row.Text(5), row.TextOrNull(6)));
        return letters;
    }

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}
