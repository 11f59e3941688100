using Headgate.Core.Metering;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Tenants;
using Headgate.Ports;

namespace Headgate.Functions.Admission;

/// <summary>
/// Counts refusals by tenant, day and code, in memory, and adds them up in rows some seconds later: a refusal costs no write. What is not written yet
/// is lost with the process. Of more than 10,000 tenants and days at once the rest is not counted.
/// </summary>
public sealed class RefusalTally(ITableStore tables, TimeProvider clock)
{
    private const int MaxKept = 10_000;
    private const int Tries = 8;

    public static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private Dictionary<(string TenantId, DateOnly Day), Dictionary<string, int>> _counts = [];
    private bool _isDue;

    /// <param name="code">One of the gate's: a small closed set.</param>
    public void Note(string tenantId, string code)
    {
        lock (_lock)
        {
            Add((tenantId, UsagePiece.DayOf(clock.GetUtcNow())), code, 1);
            if (_isDue)
                return;
            _isDue = true;
        }

        _ = WriteLaterAsync();
    }

    /// <summary>Writes what was counted so far. What can't be written is kept for the next time.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        Dictionary<(string TenantId, DateOnly Day), Dictionary<string, int>> taken;
        lock (_lock)
            (taken, _counts) = (_counts, []);
        foreach (var (key, counts) in taken)
        {
            if (await TryAddAsync(key.TenantId, key.Day, counts, cancellationToken))
                continue;
            lock (_lock)
            {
                foreach (var (code, count) in counts)
                    Add(key, code, count);
            }
        }
    }

    private void Add((string TenantId, DateOnly Day) key, string code, int count)
    {
        if (!_counts.TryGetValue(key, out var codes))
        {
            if (_counts.Count >= MaxKept)
                return;
            _counts[key] = codes = new(StringComparer.Ordinal);
        }

        codes[code] = codes.GetValueOrDefault(code) + count;
    }

    private async Task WriteLaterAsync()
    {
        await Task.Delay(Between, clock);
        lock (_lock)
            _isDue = false;
        await WriteAsync(CancellationToken.None);
    }

    private async Task<bool> TryAddAsync(string tenantId, DateOnly day, Dictionary<string, int> counts, CancellationToken cancellationToken)
    {
        try
        {
            for (var tries = 0; tries < Tries; tries++)
            {
                var row = await tables.GetAsync(Table.Usage, tenantId, RowKeys.Refusals(day), cancellationToken);
                var sum = row is null ? new(StringComparer.Ordinal) : UsageReader.Refusals(row);
                foreach (var (code, count) in counts)
                    sum[code] = sum.GetValueOrDefault(code) + count;
                var after = UsageReader.RefusalsRow(tenantId, day, sum, row?.ETag);
                if ((await tables.SubmitAsync(new TableChange(new TableBatch(Table.Usage, row is null ? TableWrite.Insert(after) : TableWrite.Replace(after))), cancellationToken)).Succeeded)
                    return true;
            }
        }
        catch (StoreUnavailableException)
        {
        }

        return false;
    }
}
