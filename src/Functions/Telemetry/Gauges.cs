using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Headgate.Functions.Telemetry;

/// <summary>
/// What maintenance measured last. A process reports only what it measured itself in the last three minutes: timers run in one process at a
/// time, so that several processes do not all report one number, and a process whose turn is over falls silent.
/// </summary>
public sealed class Gauges
{
    /// <summary>Longer than two rounds of maintenance in Azure, so that one that fails leaves no gap.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(3);

    private readonly ConcurrentDictionary<string, Reading> _readings = new(StringComparer.Ordinal);
    private readonly TimeProvider _clock;

    public Gauges(IMeterFactory factory, TimeProvider clock)
    {
        _clock = clock;
        var meter = factory.Create(Metrics.MeterName);
        Observe(meter, Instruments.QueueDepth, "{message}", "What waits in a queue.");
        Observe(meter, Instruments.QueueOldestAge, "s", "How long the oldest has waited.");
        Observe(meter, Instruments.RunsInFlight, "{run}", "Runs admitted and not ended.");
        Observe(meter, Instruments.TasksInBackoff, "{task}", "Tasks that wait for their next try.");
        Observe(meter, Instruments.Agents, "{agent}", "Registered agents by how far they can be counted on.");
        Observe(meter, Instruments.MostTasksInBackoff, "{task}", "Tasks in backoff of the agent that has most.");
        Observe(meter, Instruments.FarthestEarliestRetry, "s", "Time to the first retry after an agent, of the agent with the longest.");
        Observe(meter, Instruments.ResourcesHeld, "{resource}", "Resources to which nothing goes until they are released.");
        Observe(meter, Instruments.BurnRate, "{rate}", "How many times too fast an objective's error budget burns; 1 uses it up exactly.");
        Observe(meter, Instruments.Burning, "{objective}", "Objectives, by plan, whose error budget burns too fast.");
        Observe(meter, Instruments.BudgetLeft, "{share}", "The share of an objective's error budget that is left.");
        Observe(meter, Instruments.StuckOrchestrations, "{run}", "Live runs that starting anew has not helped.");
    }

    /// <summary>Replaces what was measured of the instrument.</summary>
    public void Set(string instrument, params IReadOnlyList<Measurement<double>> values) => _readings[instrument] = new(_clock.GetTimestamp(), values);

    private void Observe(Meter meter, string name, string unit, string description) =>
        meter.CreateObservableGauge(name, () => Last(name), unit, description);

    /// <summary>What the instrument reports; nothing where it was not measured lately.</summary>
    public IReadOnlyList<Measurement<double>> Last(string instrument) =>
        _readings.TryGetValue(instrument, out var reading) && _clock.GetElapsedTime(reading.At) < Fresh ? reading.Values : [];

    private sealed record Reading(long At, IReadOnlyList<Measurement<double>> Values);
}
