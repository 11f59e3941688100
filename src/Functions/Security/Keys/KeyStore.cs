using Headgate.Functions.Options;
using Headgate.Functions.Stores;
using Headgate.Ports;

namespace Headgate.Functions.Security.Keys;

/// <summary>
/// Stored keys by id. A key that is in use costs its callers no read, and yet one that another process revokes is refused within 5 seconds: every
/// change of a key that ends or shortens its life also writes one row, <see cref="Change"/>, which each process that has keys in use looks at
/// every 2 seconds. Where that look is late, and for keys that are not there, memory counts for 5 seconds. A key revoked here ends at once.
/// </summary>
public sealed class KeyStore : IDisposable
{
    /// <summary>How long what is remembered counts where nobody looks for changes, and how old such a look may be.</summary>
    public static readonly TimeSpan Trust = TimeSpan.FromSeconds(5);

    /// <summary>How often changes are looked for.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    /// <summary>A key in use is read again this often, beside its callers; and has to be after twice as long.</summary>
    public static readonly TimeSpan Renewal = TimeSpan.FromMinutes(1);

    private readonly ITableStore _tables;
    private readonly TimeProvider _clock;
    private readonly LookupCache<KeyRecord> _cache;
    private readonly bool _isAlone;
    private readonly ITimer? _timer;
    private string? _seen;
    private long _looked;
    private long _used;
    private int _isTicking;
    private int _isLooking;

    /// <param name="arrangement">Null: other processes may change keys.</param>
    public KeyStore(ITableStore tables, TimeProvider clock, Arrangement? arrangement = null)
    {
        (_tables, _clock, _isAlone) = (tables, clock, arrangement is { IsAlone: true });
        _cache = new LookupCache<KeyRecord>(clock, Renewal);
        if (!_isAlone)
            _timer = clock.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>To be written after the key's own row, in the same change: other processes read keys anew.</summary>
    public static TableBatch Change(DateTimeOffset now) =>
        new(Table.Keys, TableWrite.Upsert(new TableRow(RowKeys.KeyChanges, RowKeys.KeyChanges, new Columns(1) { { "at", now } })));

    /// <summary>The key, or null where there is none. Ends at once where it is remembered.</summary>
    public ValueTask<KeyRecord?> FindAsync(ReadOnlySpan<char> keyId, CancellationToken cancellationToken)
    {
        if (!_cache.TryGet(keyId, out var known, out var age) || !Counts(known, age))
            return ReadAsync(keyId.ToString(), cancellationToken);
        if (known is not null && age >= Renewal)
            _ = RenewAsync(known.KeyId);
        return ValueTask.FromResult(known);
    }

    /// <summary>Makes this process ask the store again. Called after a key's row was written or deleted.</summary>
    public void Forget(string keyId) => _cache.Forget(keyId);

    public void Dispose() => _timer?.Dispose();

    private bool Counts(KeyRecord? known, TimeSpan age)
    {
        if (known is null)
            return age < Trust;
        Use();
        return age < Trust || (age < 2 * Renewal && HasLooked);
    }

    private bool HasLooked => _isAlone || (_seen is not null && _clock.GetElapsedTime(Interlocked.Read(ref _looked)) < Trust);

    private async ValueTask<KeyRecord?> ReadAsync(string keyId, CancellationToken cancellationToken)
    {
        var moment = _cache.Moment;
        var row = await _tables.GetAsync(Table.Keys, keyId, KeyRecord.RowKey, cancellationToken);
        var record = row is null ? null : KeyRecord.FromRow(row);
        _cache.Remember(keyId, record, moment);
        if (record is not null)
            Use();
        return record;
    }

    private async Task RenewAsync(string keyId)
    {
        try
        {
            await ReadAsync(keyId, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            // Until it has to be read: the caller is told then.
        }
    }

    private void Use()
    {
        if (_isAlone)
            return;
        Interlocked.Exchange(ref _used, _clock.GetTimestamp());
        if (Volatile.Read(ref _isTicking) == 0 && Interlocked.Exchange(ref _isTicking, 1) == 0)
            _timer!.Change(TimeSpan.Zero, Pace);
    }

    private void Tick()
    {
        if (_clock.GetElapsedTime(Interlocked.Read(ref _used)) > 2 * Renewal)
        {
            _timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Volatile.Write(ref _isTicking, 0);
        }
        else if (Interlocked.Exchange(ref _isLooking, 1) == 0)
        {
            _ = LookAsync();
        }
    }

    private async Task LookAsync()
    {
        try
        {
            var began = _clock.GetTimestamp();
            var row = await _tables.GetAsync(Table.Keys, RowKeys.KeyChanges, RowKeys.KeyChanges);
            var seen = row?.ETag ?? "";
            // What was remembered before the first look may have been revoked before it, too.
            if (seen != _seen)
                _cache.ForgetAll();
            _seen = seen;
            Interlocked.Exchange(ref _looked, began);
        }
        catch (StoreUnavailableException)
        {
            // The next look may succeed; until then memory counts for 5 seconds.
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }
}
