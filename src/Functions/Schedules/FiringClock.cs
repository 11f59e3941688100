using Headgate.Functions.Stores;
using Headgate.Ports;

namespace Headgate.Functions.Schedules;

/// <summary>
/// Notices that the clock stands before a time at which schedules were fired, in whatever process: it was ahead then, or has been set back. A row
/// tells that time. For one round at a time.
/// </summary>
public sealed class FiringClock(ITableStore tables, TimeProvider clock)
{
    /// <summary>A smaller difference is that of two machines. Half of what a schedule takes for one: the row is as old as this.</summary>
    private static readonly TimeSpan s_inexact = TimeSpan.FromSeconds(30);

    private DateTimeOffset? _firedAt;
    private long _readNext = clock.GetTimestamp();

    /// <summary>Every round asks. It stays so until <see cref="ResetAsync"/>.</summary>
    public async ValueTask<bool> IsBehindAsync(CancellationToken cancellationToken)
    {
        if (clock.GetTimestamp() >= _readNext)
            await ReadAsync(cancellationToken);
        return _firedAt - clock.GetUtcNow() > s_inexact;
    }

    /// <summary>Before schedules are fired: a process that dies at it leaves the time behind. Seldom written on a clock that nobody sets.</summary>
    public async ValueTask NoteAsync(CancellationToken cancellationToken)
    {
        if (_firedAt is { } at && (clock.GetUtcNow() - at).Duration() < s_inexact)
            return;
        // What a process whose clock is ahead has noted stays until somebody has seen to it.
        await ReadAsync(cancellationToken);
        if (_firedAt is null || clock.GetUtcNow() > _firedAt)
            await ResetAsync(cancellationToken);
    }

    /// <summary>What a clock that was ahead has left is mended.</summary>
    public async ValueTask ResetAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var row = new TableRow(RowKeys.Service, RowKeys.LastSchedules, new Columns(1) { { "at", now } });
        await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, TableWrite.Upsert(row))), cancellationToken);
        _firedAt = now;
    }

    private async ValueTask ReadAsync(CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(Table.Tenants, RowKeys.Service, RowKeys.LastSchedules, cancellationToken);
        _firedAt = row?.Columns.Time("at");
        _readNext = clock.GetTimestamp() + (long)(s_inexact.TotalSeconds * clock.TimestampFrequency);
    }
}
