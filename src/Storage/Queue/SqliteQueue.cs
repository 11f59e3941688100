using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Headgate.Ports;
using Headgate.Storage.Log;
using Headgate.Storage.Queue.Records;
using Headgate.Storage.Sqlite;

namespace Headgate.Storage.Queue;

/// <summary>
/// Queues with peek-lock over durable messages. Delivery is decided in memory; what became of a message goes to the log in the order in
/// which it happened, and waits for no disk. Queues come into being when they are named. Safe for concurrent use.
/// </summary>
public sealed class SqliteQueue : IQueueSender, IQueueMetrics, IAsyncDisposable
{
    private const int MaxIdLength = 128;
    private const int MaxBodyBytes = 256 * 1024;
    private readonly Database _database;
    private readonly WriteLog _log;
    private readonly TimeProvider _time;
    private readonly SteadyClock _clock;
    private readonly ConcurrentDictionary<string, NamedQueue> _queues = new(StringComparer.Ordinal);

    /// <summary>Takes over the messages that the database holds.</summary>
    internal SqliteQueue(Database database, WriteLog log, TimeProvider time, QueueOptions options)
    {
        (_database, _log, _time, Options) = (database, log, time, options);
        var connection = database.Readers.Borrow();
        _clock = new(time, MessageStatements.ReadLatest(connection));
        Restore(connection);
        database.Readers.Return(connection);
    }

    public QueueOptions Options { get; }

    /// <summary>Sends; a message whose id was sent within the duplicate window is dropped. Durable after <see cref="WriteLog.FlushedAsync()"/>.</summary>
    /// <exception cref="ArgumentException">The message breaks a limit.</exception>
    public ValueTask SendAsync(OutgoingMessage message, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Check([message]);
        var staged = Stage([message]);
        if (staged.Count > 0)
            _log.AppendForFlush(new Sent(staged));
        Publish(staged);
        return ValueTask.CompletedTask;
    }

    public ValueTask<QueueDepth> GetAsync(string queue, CancellationToken cancellationToken = default) => ValueTask.FromResult(Named(queue).Depth());

    /// <summary>The first message in line, locked; false where none is to be had now.</summary>
    public bool TryReceive(string queue, [NotNullWhen(true)] out ReceivedMessage? message) => Named(queue).TryReceive(out message);

    /// <summary>The first message in line, locked, as soon as there is one. Waiting receivers are served in the order of their asking.</summary>
    public ValueTask<ReceivedMessage> ReceiveAsync(string queue, CancellationToken cancellationToken) => Named(queue).ReceiveAsync(cancellationToken);

    /// <summary>
    /// To be awaited before anyone works on a message. Deliveries are written lazily, so one that ends the process at once is not counted;
    /// but whatever an earlier process has left is counted on disk first, so that no message ends processes for ever.
    /// </summary>
    public ValueTask CountedAsync(ReceivedMessage message) => message.IsRestored ? _log.FlushedAsync() : ValueTask.CompletedTask;

    /// <summary>Done with. False, here and below, where the lock has been lost: someone else may have the message.</summary>
    public bool Complete(ReceivedMessage message) => Named(message.Queue).Complete(message.LockToken);

    /// <summary>Back in line at once, at its old place; dead-lettered after <see cref="QueueOptions.MaxDeliveryCount"/> deliveries.</summary>
    public bool Abandon(ReceivedMessage message) => Named(message.Queue).Abandon(message.LockToken);

    public bool DeadLetter(ReceivedMessage message, string reason, string? description = null) =>
        Named(message.Queue).DeadLetter(message.LockToken, reason, description);

    /// <summary>Holds the lock for another <see cref="QueueOptions.LockDuration"/> from now.</summary>
    /// <returns>The new end; null where the lock has been lost.</returns>
    public DateTimeOffset? Renew(ReceivedMessage message) => Named(message.Queue).Renew(message.LockToken);

    /// <summary>The oldest dead letters of a queue.</summary>
    public async ValueTask<IReadOnlyList<DeadLetter>> PeekDeadLettersAsync(string queue, int take)
    {
        await _log.MergedAsync();
        var connection = _database.Readers.Borrow();
        try
        {
            return MessageStatements.ReadDead(connection, queue, take);
        }
        finally
        {
            _database.Readers.Return(connection);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var queue in _queues.Values)
            await queue.DisposeAsync();
    }

    internal static void Check(IReadOnlyList<OutgoingMessage> messages)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i];
            if (message.Queue.Length == 0)
                throw new ArgumentException("A message needs a queue.", nameof(messages));
            if (message.MessageId.Length is 0 or > MaxIdLength)
                throw new ArgumentException($"A message id has 1 to {MaxIdLength} characters.", nameof(messages));
            if (message.Body.Length > MaxBodyBytes)
                throw new ArgumentException($"A message body of {message.Body.Length} bytes; the limit is {MaxBodyBytes}.", nameof(messages));
        }
    }

    /// <summary>
    /// Numbers the messages, without duplicates. The caller appends them to the log and then publishes them: nobody may settle a message
    /// that the log does not have.
    /// </summary>
    internal IReadOnlyList<QueuedMessage> Stage(IReadOnlyList<OutgoingMessage> messages)
    {
        if (messages.Count == 0)
            return [];
        var staged = new QueuedMessage[messages.Count];
        var count = 0;
        for (var i = 0; i < messages.Count; i++)
        {
            if (Named(messages[i].Queue).Stage(messages[i]) is { } fresh)
                staged[count++] = fresh;
        }

        return count == staged.Length ? staged : staged[..count];
    }

    internal void Publish(IReadOnlyList<QueuedMessage> messages)
    {
        for (var i = 0; i < messages.Count; i++)
            Named(messages[i].Queue).Publish(messages[i]);
    }

    private NamedQueue Named(string queue) =>
        _queues.TryGetValue(queue, out var named) ? named : _queues.GetOrAdd(queue, _ => new(_log, _database.Numbers, _time, _clock, Options));

    private void Restore(Connection connection)
    {
        foreach (var (queue, sequence, at) in MessageStatements.ReadShelf(connection))
            Named(queue).Restore(sequence, at);
        var recent = MessageStatements.ReadRecent(connection, _clock.Now - Options.DuplicateWindow).Concat(MessageIdStatements.Read(connection));
        foreach (var (queue, id, at) in recent.OrderBy(sent => sent.At))
            Named(queue).Restore(id, at);
        foreach (var message in MessageStatements.ReadActive(connection))
            Named(message.Queue).Restore(message);
    }
}
