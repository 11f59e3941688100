namespace Headgate.Ports;

/// <summary>The store or queue could not be reached or refused to serve. Unless the message says otherwise, a write may or may not have taken effect.</summary>
public sealed class StoreUnavailableException(string message, Exception? innerException = null, TimeSpan? retryAfter = null)
    : Exception(message, innerException)
{
    public TimeSpan RetryAfter { get; } = retryAfter ?? TimeSpan.FromSeconds(5);
}
