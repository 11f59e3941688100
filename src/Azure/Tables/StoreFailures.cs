using System.Text.Json;
using Azure;
using Azure.Data.Tables.Models;
using Azure.Identity;
using Headgate.Ports;

namespace Headgate.Azure.Tables;

/// <summary>Translates the client's failures to the ports' exceptions.</summary>
internal static class StoreFailures
{
    /// <summary>How long a call may take with all its tries.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(4);

    /// <exception cref="StoreUnavailableException">The server could not be reached, refused to serve, or gave an answer that can't be read.</exception>
    /// <exception cref="ArgumentException">The server says that a row or batch is too large.</exception>
    public static async Task<T> GuardAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(s_patience);
        try
        {
            return await call(deadline.Token);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && Translate(failure) is not null)
        {
            throw Translate(failure)!;
        }
    }

    private static Exception? Translate(Exception failure) => failure switch
    {
        AggregateException { InnerExceptions: [.., var last] } => Translate(last),
        RequestFailedException refusal when IsTooLarge(refusal) =>
            new ArgumentException($"Table storage takes no row or batch of this size. {Details(refusal)}", nameof(failure), refusal),
        RequestFailedException { Status: 0 } => Unavailable("Table storage can't be reached.", failure),
        RequestFailedException refusal => new StoreUnavailableException($"Table storage refused. {Details(refusal)}", refusal, Answer(refusal) is { } answer ? ServerDelay.Of(answer) : null),
        AuthenticationFailedException => Unavailable("No token for Table storage can be had.", failure),
        OperationCanceledException => Unavailable("Table storage did not answer in time.", failure),
        _ when Outages.Includes(failure) => Unavailable("The connection to Table storage broke.", failure),
        // The client throws InvalidOperationException if an answer's JSON has another shape or a batch's answer lacks parts.
        InvalidDataException or JsonException or FormatException or InvalidOperationException => Unavailable("The answer of Table storage can't be read.", failure),
        _ => null,
    };

    private static StoreUnavailableException Unavailable(string message, Exception cause) => new(message, cause);

    private static bool IsTooLarge(RequestFailedException refusal) =>
        refusal.Status == 413 || Conflicts.Is(refusal, TableErrorCode.EntityTooLarge) || Conflicts.Is(refusal, TableErrorCode.PropertyValueTooLarge);

    private static string Details(RequestFailedException refusal) =>
        $"Status {refusal.Status}, code {refusal.ErrorCode ?? "none"}, request id {Answer(refusal)?.Headers.RequestId ?? "none"}.";

    /// <summary>A transaction's refusal has its answer in the inner exception.</summary>
    private static Response? Answer(RequestFailedException refusal) =>
        refusal.GetRawResponse() ?? (refusal.InnerException as RequestFailedException)?.GetRawResponse();
}
