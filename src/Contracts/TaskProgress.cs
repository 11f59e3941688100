namespace Headgate.Contracts;

/// <summary>How far a running task has come.</summary>
/// <param name="Percent">0..100; null while the whole is not known.</param>
public sealed record TaskProgress(double? Percent, long? Bytes, long? Files);
