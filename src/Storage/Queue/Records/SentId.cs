namespace Headgate.Storage.Queue.Records;

/// <summary>The id of a sent message, kept to find duplicates.</summary>
internal readonly record struct SentId(string Queue, string MessageId, DateTimeOffset At);
