using System.Collections.Concurrent;

namespace Headgate.Functions.Security.Keys;

/// <summary>
/// Two generations of entries. The younger one becomes the older one when it is 5 seconds old or full, and the older one is
/// dropped: nothing has to be swept, and strangers trying made-up ids cannot make it grow.
/// </summary>
internal sealed class KeyCache(TimeProvider clock)
{
    public const int MaxPerGeneration = 10_000;

    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private readonly Lock _turning = new();
    private Generation _young = new(clock.GetTimestamp());
    private Generation _old = new(clock.GetTimestamp());
    private long _forgotten;

    /// <summary>Taken before a read of the store; <see cref="Remember"/> drops what was read before a key was forgotten.</summary>
    public long Moment => Interlocked.Read(ref _forgotten);

    public bool TryGet(ReadOnlySpan<char> keyId, out KeyRecord? record)
    {
        record = null;
        if (!_young.Entries.TryGet(keyId, out var entry) && !_old.Entries.TryGet(keyId, out entry))
            return false;
        record = entry.Record;
        return clock.GetElapsedTime(entry.At) < Lifetime;
    }

    public void Remember(string keyId, KeyRecord? record, long moment)
    {
        var entry = new Entry(record, clock.GetTimestamp());
        var generation = Turn();
        generation.Entries.Set(keyId, entry);
        if (Moment != moment)
            generation.Entries.Remove(keyId);
    }

    public void Forget(string keyId)
    {
        Interlocked.Increment(ref _forgotten);
        lock (_turning)
        {
            _young.Entries.Remove(keyId);
            _old.Entries.Remove(keyId);
        }
    }

    private Generation Turn()
    {
        lock (_turning)
        {
            if (_young.Entries.Count < MaxPerGeneration && clock.GetElapsedTime(_young.Since) < Lifetime)
                return _young;
            _old = _young;
            return _young = new Generation(clock.GetTimestamp());
        }
    }

    private readonly record struct Entry(KeyRecord? Record, long At);

    private sealed record Generation(long Since)
    {
        public Map Entries { get; } = new();
    }

    /// <summary>Found by a window into the header, without making a string of it.</summary>
    private sealed class Map
    {
        private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
        private readonly ConcurrentDictionary<string, Entry>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
        private int _count;

        public Map() => _bySpan = _entries.GetAlternateLookup<ReadOnlySpan<char>>();

        public int Count => Volatile.Read(ref _count);

        public bool TryGet(ReadOnlySpan<char> keyId, out Entry entry) => _bySpan.TryGetValue(keyId, out entry);

        public void Set(string keyId, Entry entry)
        {
            _entries[keyId] = entry;
            Interlocked.Increment(ref _count);
        }

        public void Remove(string keyId) => _entries.TryRemove(keyId, out _);
    }
}
