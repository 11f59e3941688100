namespace Headgate.Functions.Telemetry;

public enum InstrumentKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <param name="Labels">All that its series may have, in order.</param>
public sealed record KnownInstrument(string Name, InstrumentKind Kind, params IReadOnlyList<string> Labels);

/// <summary>Every instrument that a rule can read. A rules file that names another is refused: its rule would never fire, and nobody would know.</summary>
public static class InstrumentCatalog
{
    /// <summary>The web server's. Which of its series count is the app's own knowledge: rules choose none.</summary>
    public const string RequestDuration = "http.server.request.duration";

    public static readonly IReadOnlyList<KnownInstrument> All =
    [
        new("headgate.admissions", InstrumentKind.Counter, "outcome", "plan"),
        new("headgate.admissions.shadow", InstrumentKind.Counter, "code", "plan"),
        new(Instruments.MostTasksInBackoff, InstrumentKind.Gauge),
        new(Instruments.FarthestEarliestRetry, InstrumentKind.Gauge),
        new(Instruments.Agents, InstrumentKind.Gauge, "state"),
        new("headgate.agents.contended", InstrumentKind.Counter),
        new(Instruments.AttemptDuration, InstrumentKind.Histogram, "category", "outcome", "type"),
        new("headgate.attempts", InstrumentKind.Counter, "category", "outcome", "type"),
        new("headgate.backoffs", InstrumentKind.Counter, "category"),
        new("headgate.concurrency_limit_reached", InstrumentKind.Counter, "scope"),
        new("headgate.estimate.error", InstrumentKind.Histogram),
        new("headgate.leases.lost", InstrumentKind.Counter),
        new("headgate.ledger.drift", InstrumentKind.Counter),
        new(Instruments.StuckOrchestrations, InstrumentKind.Gauge),
        new(Instruments.QueueDepth, InstrumentKind.Gauge, "queue", "state"),
        new(Instruments.QueueOldestAge, InstrumentKind.Gauge, "queue"),
        new("headgate.quota_exceeded", InstrumentKind.Counter, "scope"),
        new(Instruments.ResourcesHeld, InstrumentKind.Gauge),
        new("headgate.resources.moves", InstrumentKind.Counter, "state"),
        new("headgate.retries", InstrumentKind.Counter, "category"),
        new(Instruments.RunDuration, InstrumentKind.Histogram, "outcome"),
        new(Instruments.RunStartDelay, InstrumentKind.Histogram),
        new(Instruments.RunsInFlight, InstrumentKind.Gauge, "plan"),
        new(Instruments.BudgetLeft, InstrumentKind.Gauge, "objective", "plan"),
        new(Instruments.BurnRate, InstrumentKind.Gauge, "objective", "plan", "window"),
        new(Instruments.Burning, InstrumentKind.Gauge, "limit"),
        new(Instruments.TasksInBackoff, InstrumentKind.Gauge),
        new("headgate.tasks.exhausted", InstrumentKind.Counter),
        new(RequestDuration, InstrumentKind.Histogram),
    ];

    public static IEnumerable<string> Names(InstrumentKind kind) => All.Where(known => known.Kind == kind).Select(known => known.Name);

    public static KnownInstrument? Find(string name) => All.FirstOrDefault(known => known.Name == name);
}
