using Headgate.Simulation.Clockwork;

namespace Headgate.Simulation.Traffic;

/// <summary>A type of task: how long it takes and what it tends to fail of.</summary>
/// <param name="Type">The service's name for it.</param>
/// <param name="MedianSeconds">Of an attempt.</param>
/// <param name="TimeoutSeconds">Given with the task; an attempt that runs out of time takes as long.</param>
/// <param name="FailureWeights">In the order of <see cref="Failure.All"/>.</param>
internal sealed record TaskKind(string Type, double MedianSeconds, int TimeoutSeconds, double[] FailureWeights)
{
    public static readonly TaskKind[] All =
    [
        new("fetch", 8, 60, [60, 15, 15, 5, 5]),
        new("build", 80, 600, [10, 50, 15, 0, 25]),
        new("verify", 20, 120, [20, 20, 10, 5, 45]),
        new("publish", 12, 120, [40, 10, 15, 30, 5]),
        new("backup", 200, 900, [35, 35, 20, 5, 5]),
    ];

    public static TaskKind Of(string type) => Array.Find(All, kind => kind.Type == type) ?? throw new ArgumentException($"No task kind '{type}'.", nameof(type));

    /// <summary>What becomes of an attempt; always the same for one task and attempt, whoever carries it out and whenever.</summary>
    /// <param name="draw">The task's own number.</param>
    /// <param name="attempt">Which try it is.</param>
    /// <param name="failureRate">0..1.</param>
    public Fate Draw(long draw, int attempt, double failureRate)
    {
        var chance = new RandomStream(draw, $"attempt {attempt}");
        var seconds = Math.Min(chance.Spread(MedianSeconds, 0.6), TimeoutSeconds * 0.9);
        if (!chance.Chance(failureRate))
            return new(TimeSpan.FromSeconds(seconds), null, false);
        var failure = Failure.All[chance.Weighted(FailureWeights)];
        var ends = failure.Category == "timeout" ? TimeoutSeconds : seconds * chance.Between(0.05, 1.0);
        return new(TimeSpan.FromSeconds(ends), failure, chance.Chance(0.5));
    }
}

/// <summary>How an attempt will end.</summary>
/// <param name="Duration">Until it does.</param>
/// <param name="Failure">Null: it succeeds.</param>
/// <param name="Named">Whether the agent names the class; otherwise the service has to find it from the message.</param>
internal sealed record Fate(TimeSpan Duration, Failure? Failure, bool Named);

/// <summary>A failure as an agent reports it.</summary>
internal sealed record Failure(string Category, string Message, int ExitCode)
{
    public static readonly Failure[] All =
    [
        new("network", "read: connection reset by peer", 7),
        new("resource", "write: no space left on device", 75),
        new("timeout", "deadline exceeded", 124),
        new("auth", "remote: permission denied", 77),
        new("permanent", "open input.bin: no such file or directory", 2),
    ];
}
