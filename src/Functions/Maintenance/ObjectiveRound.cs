using System.Diagnostics.Metrics;
using Headgate.Core.Objectives;
using Headgate.Functions.Options;
using Headgate.Functions.Stores.Objectives;
using Headgate.Functions.Telemetry;

namespace Headgate.Functions.Maintenance;

/// <summary>An objective of one plan, as it stands.</summary>
/// <param name="Window">Everything in the objective's window.</param>
/// <param name="Rates">Burn rate by window, the shortest first.</param>
/// <param name="Fast">The limits that it burns too fast by.</param>
public sealed record ObjectiveReading(
    Objective Objective, string Plan, double Target, Tally Window, double BudgetLeft, ObjectiveStanding Standing, IReadOnlyList<(TimeSpan Window, double Rate)> Rates, IReadOnlyList<BurnLimit> Fast);

/// <summary>Once a minute: writes down what this process has seen of the objectives, and tells how fast their budgets burn. A service at rest does nothing.</summary>
public sealed class ObjectiveRound(Indicators indicators, TallyBook book, ObjectivesFile file, Gauges gauges, Arrangement arrangement, TimeProvider clock)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);

    private long _from;
    private IReadOnlyList<ObjectiveReading>? _readings;

    public async Task RunWhenDueAsync(CancellationToken cancellationToken)
    {
        if (clock.GetTimestamp() < _from)
            return;
        _from = clock.GetTimestamp() + (long)(s_pause.TotalSeconds * clock.TimestampFrequency);
        await RunAsync(cancellationToken);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var wrote = await WriteAsync(cancellationToken);
        // Where nothing burns and nothing new came, nothing will; what others wrote isn't known.
        if (wrote || !arrangement.IsAlone || _readings is null || _readings.Any(reading => reading.Rates.Any(rate => rate.Rate > 0)))
            _readings = await ReadAsync(cancellationToken);
        Tell(_readings);
    }

    private void Tell(IReadOnlyList<ObjectiveReading> readings)
    {
        gauges.Set(Instruments.BurnRate, [.. readings.SelectMany(reading => reading.Rates.Select(rate => new Measurement<double>(
            rate.Rate, new("objective", reading.Objective.Id), new("plan", reading.Plan), new("window", NameOf(rate.Window)))))]);
        gauges.Set(Instruments.BudgetLeft, [.. readings.Select(reading => new Measurement<double>(
            reading.BudgetLeft, new("objective", reading.Objective.Id), new("plan", reading.Plan)))]);
        gauges.Set(Instruments.Burning, [.. file.Limits.Select(limit => new Measurement<double>(
            readings.Count(reading => reading.Fast.Contains(limit)), new KeyValuePair<string, object?>("limit", limit.Name)))]);
    }

    /// <summary>Of every plan that had an event in the window, and of all objectives; with what this process has not written yet.</summary>
    public async Task<IReadOnlyList<ObjectiveReading>> ReadNowAsync(CancellationToken cancellationToken)
    {
        await WriteAsync(cancellationToken);
        return _readings = await ReadAsync(cancellationToken);
    }

    /// <summary>As people write it: <c>5m</c>, <c>6h</c>, <c>3d</c>.</summary>
    public static string NameOf(TimeSpan window) =>
        window.TotalHours < 1 ? $"{window.TotalMinutes:0}m" : window.TotalDays < 2 ? $"{window.TotalHours:0}h" : $"{window.TotalDays:0}d";

    /// <summary>Writes what this process has seen.</summary>
    /// <returns>Whether there was anything.</returns>
    public async Task<bool> WriteAsync(CancellationToken cancellationToken)
    {
        var taken = indicators.Take();
        if (taken.Count == 0)
            return false;
        try
        {
            if (await book.AddAsync(taken, cancellationToken))
                return true;
        }
        catch
        {
            indicators.Return(taken);
            throw;
        }

        indicators.Return(taken);
        return false;
    }

    private async Task<IReadOnlyList<ObjectiveReading>> ReadAsync(CancellationToken cancellationToken)
    {
        var history = await book.ReadAsync(cancellationToken);
        var plans = history.Series.ToLookup(series => series.Objective, series => series.Plan, StringComparer.Ordinal);
        return [.. from objective in file.Objectives from plan in plans[objective.Id].Order(StringComparer.Ordinal) select Read(objective, plan, history)];
    }

    private ObjectiveReading Read(Objective objective, string plan, TallyHistory history)
    {
        var series = new Series(objective.Id, plan);
        var target = objective.TargetOf(plan);
        Tally Sum(TimeSpan window) => history.Sum(series, window);
        return new ObjectiveReading(
            objective,
            plan,
            target,
            Sum(objective.Window),
            ErrorBudget.Left(Sum(objective.Window), target),
            ErrorBudget.Standing(objective, plan, file.Limits, Sum),
            [.. file.Windows.Select(window => (window, ErrorBudget.BurnRate(Sum(window), target)))],
            [.. file.Limits.Where(limit => ErrorBudget.BurnsTooFast(limit, Sum, target))]);
    }
}
