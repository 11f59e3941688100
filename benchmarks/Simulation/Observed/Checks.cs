namespace Headgate.Simulation.Observed;

/// <summary>What must hold, how often it was looked at, and each time it did not.</summary>
internal sealed class Checks
{
    private const int MostKept = 20;
    private readonly SortedDictionary<string, CheckFigures> _checks = new(StringComparer.Ordinal);

    public IReadOnlyList<CheckFigures> All => [.. _checks.Values];

    public bool Hold => _checks.Values.All(check => check.Broken == 0);

    /// <param name="rule">What must hold, in words.</param>
    /// <param name="holds">Whether it does.</param>
    /// <param name="who">Names the case; asked only where it does not.</param>
    public void Demand(string rule, bool holds, Func<string> who)
    {
        var check = _checks.GetValueOrDefault(rule) ?? new(rule, 0, 0, []);
        check = check with { Looked = check.Looked + 1 };
        if (!holds)
            check = check with { Broken = check.Broken + 1, Cases = check.Cases.Count < MostKept ? [.. check.Cases, who()] : check.Cases };
        _checks[rule] = check;
    }
}

/// <param name="Cases">The first of the broken ones.</param>
internal sealed record CheckFigures(string Rule, long Looked, long Broken, IReadOnlyList<string> Cases);
