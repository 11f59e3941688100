using Headgate.LocalHost.Discovery;
using Headgate.LocalHost.Invocation;
using Headgate.LocalHost.Timers;
using Microsoft.Extensions.Logging;

namespace Headgate.LocalHost.Triggers;

/// <summary>The pumps of all timer functions.</summary>
internal static class TimerTriggers
{
    /// <returns>Ends when <paramref name="stopping"/> is cancelled and every run under way has ended.</returns>
    public static Task RunAsync(
        FunctionCatalog catalog, FunctionRunner runner, TimeProvider time, ILoggerFactory loggers, CancellationToken stopping)
    {
        var logger = loggers.CreateLogger("Headgate.LocalHost.Timers");
        return Task.WhenAll(
            from entry in catalog.Functions
            where entry.Trigger is Trigger.Timer
            let trigger = (Trigger.Timer)entry.Trigger
            select new TimerPump(
                entry.Name,
                trigger.Schedule,
                // It came due while nobody was there.
                runOnStartup: true,
                (info, cancellation) => runner.RunAsync(entry, info, cancellation).AsTask(),
                time,
                logger).RunAsync(stopping));
    }
}
