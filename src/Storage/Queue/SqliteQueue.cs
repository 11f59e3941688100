using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Headgate.Ports;
using Headgate.Storage.Log;
using Headgate.Storage.Queue.DeadLetters;
using Headgate.Storage.Queue.Records;
using Headgate.Storage.Sqlite;

namespace Headgate.Storage.Queue;

/// <summary>
/// Durable queues with peek-lock. Messages are delivered from memory; each change goes to the log, and nothing waits for the
/// disk. A queue exists once it is named. Safe for concurrent use.
/// </summary>
public sealed class SqliteQueue : IQueueSender, IQueueMetrics, IQueueDeadLetters, IAsyncDisposable
{
    private const int MaxIdLength = 128;
    private const int MaxBodyBytes = 256 * 1024;
    private readonly Database _database;
    private readonly WriteLog _log;
    private readonly TimeProvider _time;
    private readonly SteadyClock _clock;
    private readonly ConcurrentDictionary<string, NamedQueue> _queues = new(StringComparer.Ordinal);

    internal SqliteQueue(Database database, WriteLog log, TimeProvider time, QueueOptions options)
    {
        (_database, _log, _time, Options) = (database, log, time, options);
        _clock = new(time, Reading(MessageStatements.ReadLatest));
    }

    public QueueOptions Options { get; }

    /// <summary>Drops the message if its id was sent within <see cref="QueueOptions.DuplicateWindow"/>. Durable after <see cref="WriteLog.FlushedAsync()"/>.</summary>
    /// <exception cref="ArgumentException">The id is not 1 to 128 characters, the body is above 256 KiB, or the queue has no name.</exception>
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

    /// <summary>Locks and returns the first message in line; false if there is none.</summary>
    public bool TryReceive(string queue, [NotNullWhen(true)] out ReceivedMessage? message) => Named(queue).TryReceive(out message);

    /// <summary>As <see cref="TryReceive"/>, but waits for a message. Receivers are served in the order in which they asked.</summary>
    public ValueTask<ReceivedMessage> ReceiveAsync(string queue, CancellationToken cancellationToken) => Named(queue).ReceiveAsync(cancellationToken);

    /// <summary>
    /// Await it before working on a message. Deliveries are written lazily, so one that ends the process at once may not be counted. If an
    /// earlier process left the message, this waits until the delivery is counted on disk, so that no message can end processes for ever.
    /// </summary>
    public ValueTask CountedAsync(ReceivedMessage message) => message.IsRestored ? _log.FlushedAsync() : ValueTask.CompletedTask;

    /// <summary>Removes the message. False, here and below, if the lock has ended: another receiver may have the message.</summary>
    public bool Complete(ReceivedMessage message) => Named(message.Queue).Complete(message.LockToken);

    /// <summary>Puts the message back at its old place, or dead-letters it after <see cref="QueueOptions.MaxDeliveryCount"/> deliveries.</summary>
    public bool Abandon(ReceivedMessage message) => Named(message.Queue).Abandon(message.LockToken);

    public bool DeadLetter(ReceivedMessage message, string reason, string? description = null) =>
        Named(message.Queue).DeadLetter(message.LockToken, reason, description);

    /// <summary>Extends the lock to <see cref="QueueOptions.LockDuration"/> from now.</summary>
    /// <returns>The new end; null if the lock has ended.</returns>
    public DateTimeOffset? Renew(ReceivedMessage message) => Named(message.Queue).Renew(message.LockToken);

    /// <inheritdoc/>
    /// <remarks>Waits until the log is merged.</remarks>
    public async ValueTask<IReadOnlyList<QueueDeadLetter>> ReadAsync(string queue, long after, int most, CancellationToken cancellationToken = default)
    {
        await _log.MergedAsync();
        return Reading(connection => MessageStatements.ReadDead(connection, queue, after, most));
    }

    /// <inheritdoc/>
    /// <remarks>Each is sent and removed in one step of the log. Durable after <see cref="WriteLog.FlushedAsync()"/>.</remarks>
    public async ValueTask<int> ResendAsync(string queue, int most, CancellationToken cancellationToken = default)
    {
        var named = Named(queue);
        var letters = await ReadAsync(queue, after: 0, most, cancellationToken);
        var staged = named.Restage(letters);
        if (staged.Count > 0)
            _log.AppendForFlush(new Resent(staged));
        Publish([.. staged.Select(each => each.Message)]);
        return staged.Count;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var queue in _queues.Values)
            await queue.DisposeAsync();
    }

    /// <summary>Takes over the messages of earlier processes. Call it once, first.</summary>
    internal void Restore() => Reading(connection =>
    {
        foreach (var (queue, sequence, at) in MessageStatements.ReadShelf(connection))
            Named(queue).Restore(sequence, at);
        var recent = MessageStatements.ReadRecent(connection, _clock.Now - Options.DuplicateWindow).Concat(MessageIdStatements.Read(connection));
        foreach (var (queue, id, at) in recent.OrderBy(sent => sent.At))
            Named(queue).Restore(id, at);
        foreach (var message in MessageStatements.ReadActive(connection))
            Named(message.Queue).Restore(message);
        return true;
    });

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
    /// Numbers the messages and drops duplicates. The caller must append them to the log before <see cref="Publish"/>: the log must have a
    /// message before anyone can complete it.
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
        _queues.TryGetValue(queue, out var named) ? named : _queues.GetOrAdd(queue, name => new(name, _log, _database.Numbers, _time, _clock, Options));

    private T Reading<T>(Func<Connection, T> read)
    {
        var connection = _database.Readers.Borrow();
        try
        {
            return read(connection);
        }
        finally
        {
            _database.Readers.Return(connection);
        }
    }
}
