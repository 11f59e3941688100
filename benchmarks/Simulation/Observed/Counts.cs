using System.Globalization;

namespace Headgate.Simulation.Observed;

/// <summary>How often things happened, by name and in the order of names.</summary>
internal sealed class Counts
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public long Sum => _counts.Values.Sum();

    public IReadOnlyDictionary<string, long> All => _counts;

    public long this[string name] => _counts.GetValueOrDefault(name);

    public void Add(string? name, long more = 1) => _counts[name ?? "none"] = this[name ?? "none"] + more;

    public override string ToString() =>
        _counts.Count == 0 ? "none" : string.Join(", ", _counts.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value:N0}")));
}
