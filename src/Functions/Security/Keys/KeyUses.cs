using System.Collections.Concurrent;
using Headgate.Functions.Stores;
using Headgate.Ports;

namespace Headgate.Functions.Security.Keys;

/// <summary>
/// Notes in a tenant's list when a key was last used, to the hour: at most one write an hour for each key, beside its callers. What this process
/// has noted is remembered of at most 10,000 keys, then of none; a key that was forgotten costs a read.
/// </summary>
public sealed class KeyUses(ITableStore tables, TimeProvider clock)
{
    public const int MaxRemembered = 10_000;

    public static readonly TimeSpan Between = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, long> _noted = new(StringComparer.Ordinal);

    public void Note(MemberCaller caller)
    {
        var now = clock.GetTimestamp();
        if (_noted.TryGetValue(caller.Subject, out var at))
        {
            if (clock.GetElapsedTime(at, now) < Between || !_noted.TryUpdate(caller.Subject, now, at))
                return;
        }
        else
        {
            if (_noted.Count >= MaxRemembered)
                _noted.Clear();
            if (!_noted.TryAdd(caller.Subject, now))
                return;
        }

        _ = WriteAsync(caller);
    }

    private async Task WriteAsync(MemberCaller caller)
    {
        try
        {
            var now = clock.GetUtcNow();
            if (await tables.GetAsync(Table.Tenants, caller.TenantId, RowKeys.KeyOfTenant(caller.Subject)) is not { } row)
                return;
            if (row.Columns.Time("lastUsedAt") is { } last && now - last < Between && last <= now)
                return;
            // Under its ETag: a key that is revoked or rotated meanwhile stays so.
            var columns = new Columns(row.Columns);
            columns["lastUsedAt"] = now;
            await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, TableWrite.Replace(row.With(columns)))));
        }
        catch (StoreUnavailableException)
        {
            // The next hour notes it.
        }
    }
}
