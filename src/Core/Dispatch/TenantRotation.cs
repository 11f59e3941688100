namespace Headgate.Core.Dispatch;

/// <summary>
/// Smooth weighted round-robin over tenants. While all have work, each gets turns in proportion to its weight, evenly spread; a tenant
/// without work leaves its turns to the others.
/// </summary>
public static class TenantRotation
{
    /// <summary>Chooses the tenant whose turn it is and counts the turn as taken; null if there is no candidate.</summary>
    /// <param name="candidates">Tenants with suitable work, each once.</param>
    public static TenantTurns? Next(IReadOnlyList<TenantTurns> candidates)
    {
        TenantTurns? chosen = null;
        var total = 0;
        for (var i = 0; i < candidates.Count; i++)
        {
            var candidate = candidates[i];
            candidate.Credit += candidate.Weight;
            total += candidate.Weight;
            if (chosen is null || candidate.Credit > chosen.Credit
                || (candidate.Credit == chosen.Credit && string.CompareOrdinal(candidate.TenantId, chosen.TenantId) < 0))
                chosen = candidate;
        }

        if (chosen is not null)
            chosen.Credit -= total;
        return chosen;
    }
}
