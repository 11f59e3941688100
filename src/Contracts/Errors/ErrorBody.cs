namespace Headgate.Contracts.Errors;

public sealed record ErrorDetail(string Path, string Message);

/// <summary>The fields every refusal has. Refusals carry more, named in API.md.</summary>
public sealed record ErrorBody(string Error, string Code, string? RequestId = null, IReadOnlyList<ErrorDetail>? Details = null, int? RetryAfter = null);
