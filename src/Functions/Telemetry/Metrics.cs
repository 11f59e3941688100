using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Headgate.Functions.Telemetry;

/// <summary>What the app counts and measures. No label ever holds an id; task types beyond the first hundred share one label.</summary>
public sealed class Metrics
{
    public const string MeterName = "Headgate";

    private const int MaxTypes = 100;

    private readonly ConcurrentDictionary<string, byte> _types = new(StringComparer.Ordinal);
    private readonly Counter<long> _admissions;
    private readonly Counter<long> _shadow;
    private readonly Counter<long> _attempts;
    private readonly Histogram<double> _attemptDuration;
    private readonly Histogram<double> _startDelay;
    private readonly Histogram<double> _runDuration;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _exhausted;
    private readonly Counter<long> _drift;
    private readonly Counter<long> _leasesLost;
    private readonly Counter<long> _contended;
    private readonly Counter<long> _resources;
    private readonly Counter<long> _backoffs;
    private readonly Counter<long> _concurrencyLimit;
    private readonly Counter<long> _quota;
    private readonly Histogram<double> _estimateError;

    public Metrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        _admissions = meter.CreateCounter<long>("headgate.admissions", description: "Submissions by what became of them.");
        _shadow = meter.CreateCounter<long>("headgate.admissions.shadow", description: "Submissions accepted that a shadow limit would have refused.");
        _attempts = meter.CreateCounter<long>("headgate.attempts", description: "Settled attempts.");
        _attemptDuration = Histogram(meter, Instruments.AttemptDuration, "From hand-out to settlement.", Instruments.WorkBuckets);
        _startDelay = Histogram(meter, Instruments.RunStartDelay, "From admission to the start of the run.", Instruments.StartDelayBuckets);
        _runDuration = Histogram(meter, Instruments.RunDuration, "From admission to the end of the run.", Instruments.WorkBuckets);
        _retries = meter.CreateCounter<long>("headgate.retries", description: "Retries granted.");
        _exhausted = meter.CreateCounter<long>("headgate.tasks.exhausted", description: "Tasks whose retries are used up.");
        _drift = meter.CreateCounter<long>("headgate.ledger.drift", description: "Slots that maintenance corrected in ledgers.");
        _leasesLost = meter.CreateCounter<long>("headgate.leases.lost", description: "Attempts taken from agents that went silent.");
        _backoffs = meter.CreateCounter<long>("headgate.backoffs", description: "Retries granted that have to wait.");
        _concurrencyLimit = meter.CreateCounter<long>("headgate.concurrency_limit_reached", description: "Submissions refused, or claims left empty, because all slots were taken.");
        _quota = meter.CreateCounter<long>("headgate.quota_exceeded", description: "Submissions refused because a quota is used up.");
        _estimateError = meter.CreateHistogram(
            "headgate.estimate.error",
            "s",
            "When a task that somebody asked about was said to start, less when it did.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [-3600, -600, -120, -30, -10, -2, 0, 2, 10, 30, 120, 600, 3600] });
        _contended = meter.CreateCounter<long>("headgate.agents.contended", description: "Heartbeats refused because another process has the agent.");
        _resources = meter.CreateCounter<long>("headgate.resources.moves", description: "Changes of what tasks share from one state to another.");
    }

    /// <param name="outcome"><c>admitted</c>, <c>queued</c>, or the refusal's code.</param>
    /// <param name="plan">The tenant's plan; <c>unknown</c> where nobody got to look.</param>
    public void Submitted(string outcome, string plan)
    {
        _admissions.Add(1, new("outcome", outcome), new("plan", plan));
        if (outcome is "concurrency-limit" or "queue-full")
            _concurrencyLimit.Add(1, new KeyValuePair<string, object?>("scope", "tenant"));
        else if (outcome is "monthly-limit" or "budget-reached")
            _quota.Add(1, new KeyValuePair<string, object?>("scope", "tenant"));
    }

    /// <param name="delay">From admission to start; less than nothing where a clock was set back.</param>
    public void RunStarted(TimeSpan delay) => _startDelay.Record(Math.Max(delay.TotalSeconds, 0));

    /// <param name="outcome">The run's last status.</param>
    /// <param name="duration">From admission to end; less than nothing where a clock was set back.</param>
    public void RunEnded(string outcome, TimeSpan duration) =>
        _runDuration.Record(Math.Max(duration.TotalSeconds, 0), new KeyValuePair<string, object?>("outcome", outcome));

    /// <param name="code">The refusal's that was not given.</param>
    /// <param name="plan">The tenant's plan.</param>
    public void WouldHaveRefused(string code, string plan) => _shadow.Add(1, new("code", code), new("plan", plan));

    /// <summary>A claim came for an agent that has no room.</summary>
    public void ClaimedWithoutRoom() => _concurrencyLimit.Add(1, new KeyValuePair<string, object?>("scope", "agent"));

    /// <param name="type">The task's.</param>
    /// <param name="outcome"><c>success</c>, <c>failure</c>, <c>cancelled</c>, or <c>released</c>, which spends no retry.</param>
    /// <param name="category">Failure class; null where it did not fail.</param>
    /// <param name="answer">What follows: <c>retry</c>, <c>exhausted</c> and so on.</param>
    /// <param name="duration">From hand-out to settlement.</param>
    /// <param name="waits">Whether what follows is a retry that has to wait.</param>
    public void AttemptSettled(string type, string outcome, string? category, string answer, TimeSpan duration, bool waits = false)
    {
        var bounded = Bounded(type);
        _attempts.Add(1, new("type", bounded), new("outcome", outcome), new("category", category ?? "none"));
        _attemptDuration.Record(duration.TotalSeconds, new("type", bounded), new("outcome", outcome), new("category", category ?? "none"));
        if (answer == "retry" && outcome != "released")
        {
            _retries.Add(1, new KeyValuePair<string, object?>("category", category ?? "none"));
            if (waits)
                _backoffs.Add(1, new KeyValuePair<string, object?>("category", category ?? "none"));
        }
        else if (answer == "exhausted")
            RetriesSpent();
    }

    /// <summary>A task has ended because no retry is left for it.</summary>
    public void RetriesSpent() => _exhausted.Add(1);

    /// <param name="slots">By how much the ledger was wrong, in either direction.</param>
    public void LedgerCorrected(int slots) => _drift.Add(slots);

    /// <param name="seconds">Predicted less actual start: negative where it started later than was said.</param>
    public void StartEstimated(double seconds) => _estimateError.Record(seconds);

    public void AgentContended() => _contended.Add(1);

    /// <param name="state"><c>closed</c>, <c>open</c>, <c>half-open</c> or <c>held</c>.</param>
    public void ResourceMoved(string state) => _resources.Add(1, new KeyValuePair<string, object?>("state", state));

    public void LeasesLost(int tasks) => _leasesLost.Add(tasks);

    private static Histogram<double> Histogram(Meter meter, string name, string description, IReadOnlyList<double> buckets) =>
        meter.CreateHistogram(name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = buckets });

    private string Bounded(string type) =>
        _types.ContainsKey(type) || (_types.Count < MaxTypes && _types.TryAdd(type, 0)) ? type : "other";
}
