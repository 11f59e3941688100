namespace Headgate.Contracts;

/// <summary>The answer to <c>GET /slo</c>.</summary>
/// <param name="Items">Each objective of each plan that had an event in its window.</param>
public sealed record ObjectivesView(IReadOnlyList<ObjectiveView> Items);

/// <param name="Plan">Or <c>all</c>.</param>
/// <param name="Target">The share of good events that is aimed at.</param>
/// <param name="Window">Such as <c>30d</c>.</param>
/// <param name="ThresholdSeconds">What takes longer is bad; null where time does not matter.</param>
/// <param name="BudgetLeft">1 untouched, 0 used up, less than 0 overspent.</param>
/// <param name="Standing"><c>met</c>, <c>burning</c> too fast, or <c>missed</c>.</param>
public sealed record ObjectiveView(
    string Id,
    string Plan,
    string Description,
    double Target,
    string Window,
    double? ThresholdSeconds,
    long Good,
    long Total,
    double BudgetLeft,
    string Standing,
    IReadOnlyList<BurnRateView> BurnRates);

/// <param name="Window">Such as <c>1h</c>.</param>
/// <param name="Rate">1 uses the budget up exactly when the objective's window ends.</param>
/// <param name="IsTooFast">It is part of a pair of windows over both of which the budget burns too fast.</param>
public sealed record BurnRateView(string Window, double Rate, bool IsTooFast);
