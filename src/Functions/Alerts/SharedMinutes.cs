using Headgate.Core.Alerts;
using Headgate.Functions.Options;
using Headgate.Functions.Stores.Alerts;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Alerts;

/// <summary>
/// Writes what this process measured where the process that evaluates finds it, if that may be another: one serves HTTP, another makes the rounds
/// of maintenance. Does nothing where one process is alone.
/// </summary>
public sealed class SharedMinutes(ITableStore tables, AlertTally tally, ProcessName process, Arrangement arrangement, TimeProvider clock, ILogger<SharedMinutes> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly SortedDictionary<long, string> _written = [];

    /// <summary>Writes what was measured in the minutes that count, unless it stands: while the store was away, several are behind.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        if (arrangement.IsAlone)
            return;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await WriteNewAsync(AlertSeries.MinuteOf(clock.GetUtcNow()), cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _turn.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (arrangement.IsAlone)
            return;
        using var timer = new PeriodicTimer(s_interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryWriteAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task TryWriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            tally.Look(AlertSeries.MinuteOf(clock.GetUtcNow()));
            await WriteAsync(cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is must not end the process, and the next time may go well.
            logger.NotMeasured(failure, "alerts");
        }
    }

    private async Task WriteNewAsync(long minute, CancellationToken cancellationToken)
    {
        var writes = new List<TableWrite>();
        var texts = new Dictionary<long, string>();
        var measured = tally.Minutes().ToList();
        for (var each = minute - AlertMeter.KeptMinutes + 1; each <= minute; each++)
        {
            var rules = measured
                .Select(rule => KeyValuePair.Create(rule.Rule.Id, rule.Minutes.FirstOrDefault(known => known.Key == each).Value))
                .Where(rule => rule.Value is not null);
            var text = MinuteText.OfRules(rules);
            if (text.Length == 0 || _written.GetValueOrDefault(each) == text)
                continue;
            writes.Add(AlertMinute.Write(each, process.Text, text));
            texts[each] = text;
        }

        if (writes.Count == 0)
            return;
        await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, writes)), cancellationToken);
        foreach (var old in _written.Keys.Where(each => each <= minute - AlertMeter.KeptMinutes || each > minute).ToList())
            _written.Remove(old);
        foreach (var (each, text) in texts)
            _written[each] = text;
    }
}
