using Headgate.Engine.History;
using Microsoft.DurableTask;

namespace Headgate.Engine.Replay;

/// <summary>Retries a failed call unless its failure is final. Waits with durable timers.</summary>
internal static class RetryLoop
{
    public static Task<T> Run<TArgument, T>(TaskOrchestrationContext context, TaskRetryOptions retry, Func<TArgument, Task<T>> call, TArgument argument) => retry switch
    {
        { Policy: { } policy } => ByPolicy(context, policy, call, argument),
        { Handler: { } handler } => ByHandler(context, handler, call, argument),
        _ => call(argument),
    };

    private static async Task<T> ByPolicy<TArgument, T>(TaskOrchestrationContext context, RetryPolicy policy, Func<TArgument, Task<T>> call, TArgument argument)
    {
        var started = context.CurrentUtcDateTime;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call(argument);
            }
            catch (TaskFailedException failed) when (attempt < policy.MaxNumberOfAttempts
                && InTime(context, policy, started) && !Failures.IsFinal(failed.FailureDetails) && policy.Handle(failed))
            {
            }

            await context.CreateTimer(Delay(policy, attempt), CancellationToken.None);
        }
    }

    private static async Task<T> ByHandler<TArgument, T>(TaskOrchestrationContext context, AsyncRetryHandler handler, Func<TArgument, Task<T>> call, TArgument argument)
    {
        var started = context.CurrentUtcDateTime;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call(argument);
            }
            catch (TaskFailedException failed) when (!Failures.IsFinal(failed.FailureDetails))
            {
                var spent = context.CurrentUtcDateTime - started;
                if (!await handler(new(context, attempt, failed.FailureDetails, spent, CancellationToken.None)))
                    throw;
            }
        }
    }

    private static bool InTime(TaskOrchestrationContext context, RetryPolicy policy, DateTime started) =>
        policy.RetryTimeout == Timeout.InfiniteTimeSpan || context.CurrentUtcDateTime - started < policy.RetryTimeout;

    private static TimeSpan Delay(RetryPolicy policy, int attempt)
    {
        var longest = policy.MaxRetryInterval == Timeout.InfiniteTimeSpan ? TimeSpan.FromDays(3650) : policy.MaxRetryInterval;
        var milliseconds = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, attempt - 1);
        return milliseconds < longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : longest;
    }
}
