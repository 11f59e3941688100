namespace Headgate.Core.Failures;

/// <summary>What is known of a failed attempt.</summary>
/// <param name="ExitCode">Of the process, where there was one.</param>
/// <param name="ErrorCode">A stable code such as <c>ECONNRESET</c>, where the task reported one.</param>
/// <param name="Text">Error text; only its first 8,192 characters are looked at.</param>
public readonly record struct FailureEvidence(int? ExitCode = null, string? ErrorCode = null, string? Text = null);
