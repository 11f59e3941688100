using System.Net;
using System.Text.Json;
using Headgate.Contracts.Errors;

namespace Headgate.Client;

/// <summary>
/// The service refused a call. What never reached the service, or was answered by something else, is an <see cref="HttpRequestException"/>.
/// </summary>
public sealed class HeadgateException : Exception
{
    private readonly TimeSpan? _retryAfter;

    /// <summary>A refusal as it was answered.</summary>
    /// <param name="status">Of the answer.</param>
    /// <param name="error">Its fields that all refusals have.</param>
    /// <param name="body">All of its fields.</param>
    /// <param name="retryAfter">Of its header; null if it had none.</param>
    public HeadgateException(HttpStatusCode status, ErrorBody error, JsonElement body, TimeSpan? retryAfter = null)
        : base(Sentence(error)) => (Status, Error, Body, _retryAfter) = (status, error, body, retryAfter);

    public HttpStatusCode Status { get; }

    /// <summary>Stable, as the contract lists them: <c>concurrency-limit</c>, <c>tenant-paused</c> and so on.</summary>
    public string Code => Error.Code;

    /// <summary>Every problem of a request, by path; empty if the refusal is about something else.</summary>
    public IReadOnlyList<ErrorDetail> Details => Error.Details ?? [];

    /// <summary>When another try makes sense; null if the service doesn't say.</summary>
    public TimeSpan? RetryAfter => Error.RetryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : _retryAfter;

    /// <summary>The request's id in the service's log.</summary>
    public string? RequestId => Error.RequestId;

    /// <summary>All fields of the refusal.</summary>
    public JsonElement Body { get; }

    private ErrorBody Error { get; }

    private static string Sentence(ErrorBody error) => error.Details is { Count: > 0 } details
        ? $"{error.Error} ({error.Code}): {string.Join("; ", details.Select(detail => $"{detail.Path} {detail.Message}".Trim()))}"
        : $"{error.Error} ({error.Code})";
}
