namespace Headgate.Storage.Queue.Records;

/// <summary>What tells a duplicate of a message that has been completed.</summary>
internal readonly record struct SentId(string Queue, string MessageId, DateTimeOffset At);
