using Headgate.Ports;

namespace Headgate.Functions.Security.Keys;

/// <summary>
/// Stored keys by id, remembered for 5 seconds at most, misses too: a key revoked by another process is refused after that,
/// one revoked here at once.
/// </summary>
public sealed class KeyStore(ITableStore tables, TimeProvider clock)
{
    private readonly KeyCache _cache = new(clock);

    /// <summary>The key, or null where there is none. Ends at once where it is remembered.</summary>
    public ValueTask<KeyRecord?> FindAsync(ReadOnlySpan<char> keyId, CancellationToken cancellationToken) =>
        _cache.TryGet(keyId, out var known)
            ? ValueTask.FromResult(known)
            : ReadAsync(keyId.ToString(), cancellationToken);

    /// <summary>Makes this process ask the store again. Called after a key's row was written or deleted.</summary>
    public void Forget(string keyId) => _cache.Forget(keyId);

    private async ValueTask<KeyRecord?> ReadAsync(string keyId, CancellationToken cancellationToken)
    {
        var moment = _cache.Moment;
        var row = await tables.GetAsync(Table.Keys, keyId, KeyRecord.RowKey, cancellationToken);
        var record = row is null ? null : KeyRecord.FromRow(row);
        _cache.Remember(keyId, record, moment);
        return record;
    }
}
