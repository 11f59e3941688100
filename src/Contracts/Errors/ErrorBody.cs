namespace Headgate.Contracts.Errors;

public sealed record ErrorDetail(string Path, string Message);

/// <summary>The fields common to refusals. docs/http.md names the others.</summary>
public sealed record ErrorBody(string Error, string Code, string? RequestId = null, IReadOnlyList<ErrorDetail>? Details = null, int? RetryAfter = null);
