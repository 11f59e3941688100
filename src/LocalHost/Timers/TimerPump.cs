using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Headgate.LocalHost.Timers;

/// <summary>
/// Runs one timer function whenever its schedule comes due. One run at a time: what comes due meanwhile is made up for by one run right
/// after it, as in Azure.
/// </summary>
/// <param name="run">Runs the function.</param>
internal sealed partial class TimerPump(
    string function, CronSchedule schedule, bool runOnStartup, Func<TimerInfo, CancellationToken, Task> run, TimeProvider time, ILogger logger)
{
    /// <summary>The clock is looked at again after this at the latest, so that one that was set is noticed.</summary>
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(1);

    private DateTimeOffset? _last;

    /// <summary>Ends when <paramref name="stopping"/> is cancelled and the run under way, if any, has ended.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            if (runOnStartup)
                await FireAsync(time.GetUtcNow(), pastDue: true, stopping);
            for (var next = schedule.Next(time.GetUtcNow()); next is { } soonest;)
            {
                var due = await ComesDueAsync(soonest, stopping);
                var begun = time.GetUtcNow();
                await FireAsync(due, pastDue: begun >= schedule.Next(due), stopping);
                // From now where the clock was set back meanwhile.
                next = schedule.Next(time.GetUtcNow() is var now && now < begun ? now : begun);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private async Task FireAsync(DateTimeOffset due, bool pastDue, CancellationToken stopping)
    {
        var status = new ScheduleStatus
        {
            Last = _last?.UtcDateTime ?? default,
            LastUpdated = _last?.UtcDateTime ?? default,
            Next = schedule.Next(time.GetUtcNow())?.UtcDateTime ?? DateTime.MaxValue,
        };
        _last = due;
        try
        {
            await run(new TimerInfo { IsPastDue = pastDue, ScheduleStatus = status }, stopping);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            TimerFailed(exception, function);
        }
    }

    /// <returns>When it came due: earlier than asked where the clock was set back meanwhile.</returns>
    private async Task<DateTimeOffset> ComesDueAsync(DateTimeOffset due, CancellationToken stopping)
    {
        while (due - time.GetUtcNow() is { Ticks: > 0 } wait)
        {
            var atLeast = wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait;
            await Task.Delay(atLeast < s_longestWait ? atLeast : s_longestWait, time, stopping);
            if (schedule.Next(time.GetUtcNow()) is { } next && next < due)
                due = next;
        }

        return due;
    }

    [LoggerMessage(10, LogLevel.Error, "The timer function {Function} failed")]
    private partial void TimerFailed(Exception exception, string function);
}
