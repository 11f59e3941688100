namespace Headgate.Ports;

/// <summary>The store or queue could not be reached or refused to serve; whether a write took effect is unknown unless said otherwise.</summary>
public sealed class StoreUnavailableException(string message, Exception? innerException = null, TimeSpan? retryAfter = null)
    : Exception(message, innerException)
{
    /// <summary>When to try again; 5 seconds unless the store said otherwise.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter ?? TimeSpan.FromSeconds(5);
}
