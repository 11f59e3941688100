using System.Runtime.InteropServices;
using Headgate.Functions.Stores.Tenants;

namespace Headgate.Functions.Runs;

/// <summary>What <see cref="RunWatch"/> knows of one tenant.</summary>
internal sealed class WatchedTenant
{
    /// <summary>Of the ledger that agreed with <see cref="Runs"/>; null where they may not be all.</summary>
    public string? LedgerETag { get; private set; }

    /// <summary>The round over all live runs that is under way, or was last.</summary>
    public int Round { get; private set; }

    public Dictionary<string, WatchedRun> Runs { get; } = new(StringComparer.Ordinal);

    /// <summary>Runs that something went wrong with since they were looked at.</summary>
    public HashSet<string> Doubted { get; } = new(StringComparer.Ordinal);

    public void Begin()
    {
        LedgerETag = null;
        Round++;
    }

    /// <returns>How many live runs there are.</returns>
    public int End(TenantSnapshot? before)
    {
        foreach (var gone in Runs.Where(run => run.Value.Round != Round).Select(run => run.Key).ToList())
            Runs.Remove(gone);
        Doubted.IntersectWith(Runs.Keys);
        LedgerETag = before?.Ledger.InFlight == Runs.Count ? before.LedgerETag : null;
        return Runs.Count;
    }
}

/// <param name="DueAt">Timestamp from which the run is to be looked at.</param>
/// <param name="Round">The whole round that met it last.</param>
/// <param name="Helps">As its live row had it when that was last read or written.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct WatchedRun(long DueAt, int Round, int Helps);
