using System.Collections.Concurrent;

namespace Headgate.Functions.Security;

/// <summary>
/// What was looked up lately, misses too. Two generations of entries: the younger one becomes the older one when it has reached its age or is
/// full, and the older one is dropped. So nothing has to be swept, and strangers trying made-up names cannot make it grow. What is found in the
/// older one moves to the younger.
/// </summary>
/// <typeparam name="T">What a name leads to.</typeparam>
/// <param name="clock">For ages.</param>
/// <param name="generation">How old a generation gets. An entry that nobody asks for is gone after two.</param>
internal sealed class LookupCache<T>(TimeProvider clock, TimeSpan generation)
    where T : class
{
    public const int MaxPerGeneration = 10_000;

    private readonly Lock _turning = new();
    private Generation _young = new(clock.GetTimestamp());
    private Generation _old = new(clock.GetTimestamp());
    private long _forgotten;

    /// <summary>Taken before a read of the store; <see cref="Remember"/> drops what was read before something was forgotten.</summary>
    public long Moment => Interlocked.Read(ref _forgotten);

    /// <param name="name">What was looked up.</param>
    /// <param name="record">What was found; null where there was nothing.</param>
    /// <param name="age">How long ago.</param>
    public bool TryGet(ReadOnlySpan<char> name, out T? record, out TimeSpan age)
    {
        if (!_young.Entries.TryGet(name, out var entry))
        {
            var moment = Moment;
            if (!_old.Entries.TryGet(name, out entry))
            {
                (record, age) = (null, default);
                return false;
            }

            Keep(name.ToString(), entry, moment);
        }

        (record, age) = (entry.Record, clock.GetElapsedTime(entry.At));
        return true;
    }

    /// <param name="name">What was looked up.</param>
    /// <param name="record">What was found.</param>
    /// <param name="moment"><see cref="Moment"/> before the look.</param>
    public void Remember(string name, T? record, long moment) => Keep(name, new Entry(record, clock.GetTimestamp()), moment);

    public void Forget(string name)
    {
        Interlocked.Increment(ref _forgotten);
        lock (_turning)
        {
            _young.Entries.Remove(name);
            _old.Entries.Remove(name);
        }
    }

    public void ForgetAll()
    {
        Interlocked.Increment(ref _forgotten);
        lock (_turning)
        {
            var now = clock.GetTimestamp();
            (_young, _old) = (new Generation(now), new Generation(now));
        }
    }

    private void Keep(string name, Entry entry, long moment)
    {
        var young = Turn();
        young.Entries.Set(name, entry);
        if (Moment != moment)
            young.Entries.Remove(name);
    }

    private Generation Turn()
    {
        lock (_turning)
        {
            if (_young.Entries.Count < MaxPerGeneration && clock.GetElapsedTime(_young.Since) < generation)
                return _young;
            _old = _young;
            return _young = new Generation(clock.GetTimestamp());
        }
    }

    private readonly record struct Entry(T? Record, long At);

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

        public bool TryGet(ReadOnlySpan<char> name, out Entry entry) => _bySpan.TryGetValue(name, out entry);

        public void Set(string name, Entry entry)
        {
            _entries[name] = entry;
            Interlocked.Increment(ref _count);
        }

        public void Remove(string name) => _entries.TryRemove(name, out _);
    }
}
