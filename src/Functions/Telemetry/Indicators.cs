using System.Collections.Concurrent;
using Headgate.Core.Objectives;

namespace Headgate.Functions.Telemetry;

/// <summary>
/// What this process has seen of the objectives since it was last written down. As many entries as there are objectives and plans, at most. What is not written
/// yet is lost with the process: a minute's worth.
/// </summary>
/// <param name="objectives">Events of others are not counted.</param>
public sealed class Indicators(IReadOnlyList<Objective> objectives)
{
    public const string Availability = "availability";
    public const string AdmissionLatency = "admission-latency";
    public const string StartDelay = "start-delay";
    public const string RunSuccess = "run-success";

    private readonly Dictionary<string, Objective> _objectives = objectives.ToDictionary(objective => objective.Id, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Series, Counter> _counters = new();

    /// <param name="objective">Its id.</param>
    /// <param name="plan">Whose event it is.</param>
    public void Note(string objective, bool isGood, string plan = Series.AllPlans)
    {
        if (_objectives.ContainsKey(objective))
            _counters.GetOrAdd(new(objective, plan), static _ => new()).Add(isGood);
    }

    /// <summary>As <see cref="Note(string, bool, string)"/>, by the objective's threshold.</summary>
    public void Note(string objective, TimeSpan took, string plan)
    {
        if (_objectives.TryGetValue(objective, out var known))
            _counters.GetOrAdd(new(objective, plan), static _ => new()).Add(known.IsGood(took));
    }

    /// <returns>What was noted since the last time.</returns>
    public Dictionary<Series, Tally> Take()
    {
        var taken = new Dictionary<Series, Tally>();
        foreach (var (series, counter) in _counters)
        {
            if (counter.Take() is { Total: > 0 } tally)
                taken.Add(series, tally);
        }

        return taken;
    }

    /// <summary>What was taken could not be written: it is taken again.</summary>
    public void Return(IReadOnlyDictionary<Series, Tally> taken)
    {
        foreach (var (series, tally) in taken)
            _counters.GetOrAdd(series, static _ => new()).Add(tally);
    }

    private sealed class Counter
    {
        private long _good;
        private long _bad;

        public void Add(bool isGood) => Interlocked.Increment(ref isGood ? ref _good : ref _bad);

        public void Add(Tally tally)
        {
            Interlocked.Add(ref _good, tally.Good);
            Interlocked.Add(ref _bad, tally.Bad);
        }

        public Tally Take()
        {
            var (good, bad) = (Interlocked.Exchange(ref _good, 0), Interlocked.Exchange(ref _bad, 0));
            return new(good, good + bad);
        }
    }
}
