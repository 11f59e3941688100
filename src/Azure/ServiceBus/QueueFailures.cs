using Azure;
using Azure.Messaging.ServiceBus;
using Headgate.Ports;

namespace Headgate.Azure.ServiceBus;

/// <summary>Translates the broker's failures to the ports' exceptions.</summary>
internal static class QueueFailures
{
    private static readonly TimeSpan WhenBusy = TimeSpan.FromSeconds(10);

    /// <param name="queue">The queue's name.</param>
    /// <param name="patience">How long the call may take.</param>
    /// <param name="clock">The clock of <paramref name="patience"/>.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="StoreUnavailableException">The broker can't be reached, refuses, or did not answer in time.</exception>
    public static async Task<T> GuardAsync<T>(
        string queue, TimeSpan patience, TimeProvider clock, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(patience, clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            // The token doesn't cancel the client's wait for a connection.
            return await call(deadline.Token).WaitAsync(deadline.Token);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && Translate(queue, failure) is not null)
        {
            throw Translate(queue, failure)!;
        }
    }

    /// <summary>Null if the app itself is at fault. The client also reports some refusals as invalid operations.</summary>
    public static Exception? Translate(string queue, Exception failure) => failure switch
    {
        AggregateException { InnerExceptions: [.., var last] } => Translate(queue, last),
        ServiceBusException { Reason: ServiceBusFailureReason.MessageSizeExceeded } =>
            new ArgumentException($"The queue '{queue}' takes no message of this size.", nameof(failure), failure),
        _ when failure is InvalidOperationException || Outages.Includes(failure) => new StoreUnavailableException(
            $"The queue '{queue}' could not be used ({Reason(failure)}).",
            failure,
            failure is ServiceBusException { Reason: ServiceBusFailureReason.ServiceBusy } ? WhenBusy : null),
        _ => null,
    };

    private static string Reason(Exception failure) => failure switch
    {
        ServiceBusException refusal => refusal.Reason.ToString(),
        RequestFailedException refusal => $"status {refusal.Status}",
        OperationCanceledException or TimeoutException => "no answer in time",
        _ => failure.GetType().Name,
    };
}
