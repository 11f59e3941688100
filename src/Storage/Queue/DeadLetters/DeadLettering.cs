namespace Headgate.Storage.Queue.DeadLetters;

/// <summary>When and why a message became a dead letter.</summary>
internal readonly record struct DeadLettering(DateTimeOffset At, string Reason, string? Description);
