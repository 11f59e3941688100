using Headgate.Functions.Stores;
using Headgate.Ports;

namespace Headgate.Functions.Dispatch;

/// <summary>That sweeps were made, and since when without an interruption.</summary>
/// <param name="At">When the last one noted itself.</param>
/// <param name="Since">From then on one followed the other.</param>
/// <param name="Interval">Between the last two; null where there was only one.</param>
internal sealed record SweepMark(DateTimeOffset At, DateTimeOffset Since, TimeSpan? Interval)
{
    /// <summary>Timers are late by less than this where nothing is wrong.</summary>
    private static readonly TimeSpan s_usualDelay = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The mark of a sweep made now. A pause of more than twice the last one, or a clock that was set back, means that the service was away:
    /// time counts anew. Once, whatever the new interval is.
    /// </summary>
    public static SweepMark Next(SweepMark? last, DateTimeOffset now)
    {
        if (last is null)
            return new(now, now, null);
        var pause = now - last.At;
        var wasAway = pause < -s_usualDelay || pause > (last.Interval * 2 ?? pause) + s_usualDelay;
        return new(now, wasAway || last.Since > now ? now : last.Since, pause > TimeSpan.Zero ? pause : last.Interval);
    }

    public static SweepMark Read(TableRow row) => new(
        row.Columns.Time("at") ?? DateTimeOffset.MinValue,
        row.Columns.Time("since") ?? DateTimeOffset.MaxValue,
        row.Columns.Double("intervalSeconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

    public TableRow Write() => new(
        RowKeys.Service,
        RowKeys.LastSweep,
        new Columns(3) { { "at", At }, { "since", Since }, { "intervalSeconds", Interval?.TotalSeconds } });
}
