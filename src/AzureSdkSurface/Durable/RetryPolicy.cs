namespace Microsoft.DurableTask;

/// <summary>Repeats a failed task with growing delays.</summary>
public class RetryPolicy
{
    /// <summary>A policy; delays grow by <paramref name="backoffCoefficient"/> up to <paramref name="maxRetryInterval"/>.</summary>
    /// <param name="maxNumberOfAttempts">Calls in all, the first included; at least 1.</param>
    /// <param name="firstRetryInterval">The delay before the second call; more than zero.</param>
    /// <param name="backoffCoefficient">The growth; at least 1.</param>
    /// <param name="maxRetryInterval">The longest delay; default one hour.</param>
    /// <param name="retryTimeout">No call starts later than this after the first; default never ends.</param>
    public RetryPolicy(
        int maxNumberOfAttempts,
        TimeSpan firstRetryInterval,
        double backoffCoefficient = 1,
        TimeSpan? maxRetryInterval = null,
        TimeSpan? retryTimeout = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxNumberOfAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(firstRetryInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(backoffCoefficient, 1);
        if (maxRetryInterval is { } longest && longest != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(longest, firstRetryInterval, nameof(maxRetryInterval));
        if (retryTimeout is { } limit && limit != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(limit, firstRetryInterval, nameof(retryTimeout));
        MaxNumberOfAttempts = maxNumberOfAttempts;
        FirstRetryInterval = firstRetryInterval;
        BackoffCoefficient = backoffCoefficient;
        MaxRetryInterval = maxRetryInterval ?? TimeSpan.FromHours(1);
        RetryTimeout = retryTimeout ?? Timeout.InfiniteTimeSpan;
        Handle = static _ => true;
    }

    /// <summary>Calls in all, the first included.</summary>
    public int MaxNumberOfAttempts { get; }

    /// <summary>The delay before the second call.</summary>
    public TimeSpan FirstRetryInterval { get; }

    /// <summary>How the delay grows from call to call.</summary>
    public double BackoffCoefficient { get; }

    /// <summary>The longest delay.</summary>
    public TimeSpan MaxRetryInterval { get; }

    /// <summary>No call starts later than this after the first.</summary>
    public TimeSpan RetryTimeout { get; }

    /// <summary>Whether a failure is worth another call; true unless <see cref="HandleFailure"/> is set.</summary>
    public Func<Exception, bool> Handle { get; private init; }

    /// <summary>Decides from the failure whether it is worth another call.</summary>
    public Func<TaskFailureDetails, bool> HandleFailure
    {
        init => Handle = failure => failure is TaskFailedException failed
            ? value(failed.FailureDetails)
            : throw new InvalidOperationException("Only the failure of a task can be judged.");
    }
}
