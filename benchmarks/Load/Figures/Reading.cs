using Headgate.Load.Machine;

namespace Headgate.Load.Figures;

/// <summary>One line of the table. What a measure does not have is null.</summary>
/// <param name="Measure">The measure's name.</param>
/// <param name="Case">Which case of it: clients, tenants, agents.</param>
internal sealed record Reading(string Measure, string Case)
{
    public double? PerSecond { get; init; }

    /// <summary>How long the load had gone on before anything counted.</summary>
    public double? WarmUpSeconds { get; init; }

    /// <summary>Of each round, in order: whether the warm-up was long enough shows here.</summary>
    public IReadOnlyList<double> Rounds { get; init; } = [];

    public double? P50Milliseconds { get; init; }

    public double? P99Milliseconds { get; init; }

    /// <summary>Of what a bare web endpoint did under the same clients in this run.</summary>
    public double? ShareOfHttp { get; init; }

    /// <summary>Of what a bare group commit of as many rows and bytes did in this run.</summary>
    public double? ShareOfCommit { get; init; }

    public ProcessorShares? Processor { get; init; }

    /// <inheritdoc cref="Round.ProcessorMicroseconds"/>
    public double? ProcessorMicroseconds { get; init; }

    public IReadOnlyList<Detail> Details { get; init; } = [];

    /// <summary>The median of each figure over the rounds.</summary>
    public static Reading Of(string measure, string name, Measured measured) => Of(measure, name, measured.Rounds) with { WarmUpSeconds = Math.Round(measured.WarmUp.TotalSeconds, 1) };

    /// <inheritdoc cref="Of(string, string, Measured)"/>
    public static Reading Of(string measure, string name, IReadOnlyList<Round> rounds) => new(measure, name)
    {
        PerSecond = Median.Of(rounds.Select(round => (double?)round.PerSecond)),
        P50Milliseconds = Median.Of(rounds.Select(round => round.Latencies.Percentile(0.50m))),
        P99Milliseconds = Median.Of(rounds.Select(round => round.Latencies.Percentile(0.99m))),
        Processor = ProcessorShares.Median([.. rounds.Select(round => round.Processor)]),
        ProcessorMicroseconds = Median.Of(rounds.Select(round => round.ProcessorMicroseconds)),
        Rounds = [.. rounds.Select(round => round.PerSecond)],
    };

    public Reading With(params IReadOnlyList<Detail> details) => this with { Details = [.. Details, .. details] };

    public Reading Against(Limits limits, int clients) => this with { ShareOfHttp = PerSecond / limits.Http(clients), ShareOfCommit = PerSecond / limits.Commit(clients) };

    public Reading AgainstHttp(Limits limits, int clients) => this with { ShareOfHttp = PerSecond / limits.Http(clients) };
}

/// <summary>A figure that has no column of its own.</summary>
internal sealed record Detail(string Name, double Value, string Unit);

/// <summary>Parts of all processors together, 0..1.</summary>
internal sealed record ProcessorShares(double Generator, double Server, double Other)
{
    public static ProcessorShares Median(IReadOnlyList<ProcessorUse> rounds) => new(
        Middle(rounds, use => use.GeneratorShare), Middle(rounds, use => use.ServerShare), Middle(rounds, use => use.OtherShare));

    private static double Middle(IReadOnlyList<ProcessorUse> rounds, Func<ProcessorUse, double> share) =>
        Figures.Median.Of(rounds.Select(use => (double?)share(use))) ?? 0;
}
