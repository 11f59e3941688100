using System.Diagnostics;

namespace Headgate.Load.Figures;

/// <summary>Every latency of a round, in ticks of <see cref="Stopwatch"/>: percentiles are exact, not those of buckets.</summary>
internal sealed class Samples(int capacity = 64 * 1024)
{
    private readonly List<long> _ticks = new(capacity);
    private bool _sorted;

    public int Count => _ticks.Count;

    public void Add(long ticks)
    {
        _ticks.Add(ticks);
        _sorted = false;
    }

    public void Add(TimeSpan time) => Add((long)(time.TotalSeconds * Stopwatch.Frequency));

    public void AddAll(Samples other)
    {
        _ticks.AddRange(other._ticks);
        _sorted = false;
    }

    /// <summary>By nearest rank: the smallest sample that at least this part of all do not exceed. In milliseconds; null without samples.</summary>
    /// <param name="part">Above 0, up to 1.</param>
    public double? Percentile(decimal part)
    {
        if (_ticks.Count == 0)
            return null;
        if (!_sorted)
            _ticks.Sort();
        _sorted = true;
        var rank = (int)Math.Ceiling(part * _ticks.Count);
        return Milliseconds(_ticks[Math.Clamp(rank, 1, _ticks.Count) - 1]);
    }

    /// <summary>In milliseconds; null without samples.</summary>
    public double? Mean => _ticks.Count == 0 ? null : _ticks.Average() * 1000 / Stopwatch.Frequency;

    private static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;
}
