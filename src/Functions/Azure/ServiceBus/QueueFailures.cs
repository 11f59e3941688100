using Azure;
using Azure.Messaging.ServiceBus;
using Headgate.Functions.Ports;

namespace Headgate.Functions.Azure.ServiceBus;

/// <summary>What a broker's failure is to the app.</summary>
internal static class QueueFailures
{
    private static readonly TimeSpan WhenBusy = TimeSpan.FromSeconds(10);

    /// <exception cref="StoreUnavailableException">The broker can't be reached, refuses, or has not answered within the patience.</exception>
    public static async Task<T> GuardAsync<T>(string queue, TimeSpan patience, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(patience);
        try
        {
            // The client may take longer to notice a cancelled wait for a connection.
            return await call(deadline.Token).WaitAsync(deadline.Token);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && Outages.Includes(failure))
        {
            throw Unavailable(queue, failure);
        }
    }

    public static StoreUnavailableException Unavailable(string queue, Exception failure) => new(
        $"The queue '{queue}' could not be used ({Reason(failure)}).",
        failure,
        failure is ServiceBusException { Reason: ServiceBusFailureReason.ServiceBusy } ? WhenBusy : null);

    private static string Reason(Exception failure) => failure switch
    {
        ServiceBusException refusal => refusal.Reason.ToString(),
        RequestFailedException refusal => $"status {refusal.Status}",
        OperationCanceledException or TimeoutException => "no answer in time",
        _ => failure.GetType().Name,
    };
}
