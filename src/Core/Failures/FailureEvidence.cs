namespace Headgate.Core.Failures;

/// <summary>What is known of a failed attempt.</summary>
/// <param name="ExitCode">The process's, if there was one.</param>
/// <param name="ErrorCode">A stable code such as <c>ECONNRESET</c>, if the task reported one.</param>
/// <param name="Text">Error text; see <see cref="FailureClassifier.TextLimit"/>.</param>
public readonly record struct FailureEvidence(int? ExitCode = null, string? ErrorCode = null, string? Text = null);
