using Headgate.Functions.Options;
using Headgate.Functions.Stores;
using Headgate.Ports;

namespace Headgate.Functions.Dispatch;

/// <summary>
/// Since when agents have had a service to report to: no lease counts from before. A process that is alone knows when it started. Where others
/// take over from it, the sweeps themselves tell, by a row: as long as one follows the other, whoever makes them, the service is there.
/// </summary>
public sealed class ServiceUptime(ITableStore tables, Arrangement arrangement, HeadgateOptions options, TimeProvider clock)
{
    private readonly long _started = clock.GetTimestamp();
    private SweepMark? _mark;
    private long _marked;

    /// <summary>For one sweep at a time; every sweep asks.</summary>
    public async ValueTask<DateTimeOffset> SinceAsync(CancellationToken cancellationToken)
    {
        if (arrangement.IsAlone)
            return clock.GetUtcNow() - clock.GetElapsedTime(_started);
        if (_mark is null || clock.GetElapsedTime(_marked) > options.Leases.Duration / 4)
            await MarkAsync(cancellationToken);
        return _mark!.Since;
    }

    private async ValueTask MarkAsync(CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(Table.Tenants, RowKeys.Service, RowKeys.LastSweep, cancellationToken);
        _mark = SweepMark.Next(row is null ? null : SweepMark.Read(row), clock.GetUtcNow());
        _marked = clock.GetTimestamp();
        // Two that sweep at one time have seen the same; whose mark stands makes no difference.
        await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, TableWrite.Upsert(_mark.Write()))), cancellationToken);
    }
}
