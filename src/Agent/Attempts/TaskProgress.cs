namespace Headgate.Agent.Attempts;

/// <summary>How far a running task has come, as its program tells.</summary>
/// <param name="Percent">0..100; null while the whole is not known.</param>
internal sealed record TaskProgress(double? Percent, long? Bytes, long? Files);
