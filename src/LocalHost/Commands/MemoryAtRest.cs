namespace Headgate.LocalHost.Commands;

/// <summary>
/// Gives memory back to the system once a busy service has come to rest, for ten seconds. The collector runs when new objects come, so that without this a
/// process with nothing to do would keep what it grew to under load: 148 MB instead of 94 after some thousand runs.
/// </summary>
internal sealed class MemoryAtRest : IDisposable
{
    public static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    /// <summary>Fewer records in <see cref="Between"/> are no load: heartbeats and the like.</summary>
    private const long RestRecords = 100;

    /// <summary>And fewer bytes, so that reading alone is load too: 8 MiB.</summary>
    public const long RestBytes = 8 * 1024 * 1024;

    /// <summary>What is given back has to be taken again where load returns.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Where fewer bytes were allocated since the last time there is not much to give back: 8 MiB. Nor is there where they are fewer than what is
    /// alive, all of which has to be gone over.
    /// </summary>
    public const long WorthIt = 8 * 1024 * 1024;

    private readonly Func<long> _records;
    private readonly Func<long> _allocated;
    private readonly Func<long> _collect;
    private readonly ITimer _timer;
    private readonly TimeProvider _time;
    private long _seen;
    private long _seenBytes;
    private int _calm;
    private long _collected;
    private long _alive;
    private long? _collectedAt;

    /// <param name="records">How many records the log has taken since the start.</param>
    /// <param name="allocated">How many bytes the process has allocated since the start.</param>
    /// <param name="time">The clock.</param>
    /// <param name="collect">Gives back what it can, and tells how many bytes are still in use.</param>
    public MemoryAtRest(Func<long> records, Func<long> allocated, TimeProvider time, Func<long> collect)
    {
        (_records, _allocated, _time, _collect) = (records, allocated, time, collect);
        _timer = time.CreateTimer(_ => Look(), null, Between, Between);
    }

    /// <summary>Collects everything and gives back what is then free. Stops the process for some 20 ms where little is alive.</summary>
    /// <returns>How many bytes are alive.</returns>
    public static long Collect()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetGCMemoryInfo(GCKind.FullBlocking).HeapSizeBytes;
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var (records, bytes) = (_records(), _allocated());
        var isCalm = records - _seen < RestRecords && bytes - _seenBytes < RestBytes;
        (_seen, _seenBytes, _calm) = (records, bytes, isCalm ? _calm + 1 : 0);
        if (_calm < 2 || bytes - _collected < Math.Max(WorthIt, _alive) || (_collectedAt is { } last && _time.GetElapsedTime(last) < Least))
            return;
        _alive = _collect();
        (_collected, _collectedAt) = (bytes, _time.GetTimestamp());
    }
}
