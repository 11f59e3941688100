namespace Headgate.Core.Dispatch;

/// <summary>
/// Smooth weighted round-robin over tenants: over any stretch in which all of them have work, each gets turns in proportion to its
/// weight, evenly spread; a tenant without work leaves its turns to the others. Not safe for concurrent use.
/// </summary>
public sealed class TenantRotation
{
    private readonly Dictionary<string, int> _credit = new(StringComparer.Ordinal);

    /// <summary>Whose turn it is among <paramref name="candidates"/>; null where there are none. Counts as the turn taken.</summary>
    /// <param name="candidates">Tenants with suitable work, each once, and their weights (at least 1).</param>
    public string? Next(IReadOnlyCollection<(string TenantId, int Weight)> candidates)
    {
        string? chosen = null;
        var best = int.MinValue;
        var total = 0;
        foreach (var (tenantId, weight) in candidates)
        {
            var credit = _credit.GetValueOrDefault(tenantId) + weight;
            _credit[tenantId] = credit;
            total += weight;
            if (credit > best || (credit == best && string.CompareOrdinal(tenantId, chosen) < 0))
                (best, chosen) = (credit, tenantId);
        }

        if (chosen is not null)
            _credit[chosen] -= total;
        return chosen;
    }

    /// <summary>Forgets a tenant that has no work left, so that credit neither piles up nor leaks memory.</summary>
    public void Forget(string tenantId) => _credit.Remove(tenantId);
}
