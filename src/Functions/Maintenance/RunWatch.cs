using Headgate.Functions.Options;
using Headgate.Functions.Stores.Tenants;

namespace Headgate.Functions.Maintenance;

/// <summary>
/// What earlier rounds of this process saw of live runs, so that a round looks only at those that may need it. A run is looked at once it
/// is as old as the patience; one that was well, again after twice as long each time, since what it may have lost was lost before or with
/// a process. Waiting is measured on a clock that nobody sets. For one round at a time.
/// </summary>
public sealed class RunWatch(HeadgateOptions options, TimeProvider clock)
{
    /// <summary>No live run is left alone for longer.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, Watched> _tenants = new(StringComparer.Ordinal);

    /// <summary>
    /// Whether a round can pass the tenant over: its live runs change only together with its ledger, which is as the last whole round left
    /// it, and none of them is due.
    /// </summary>
    public bool IsQuiet(TenantSnapshot tenant) =>
        _tenants.TryGetValue(tenant.TenantId, out var watched) && watched.LedgerETag == tenant.LedgerETag && clock.GetTimestamp() < watched.FirstDue;

    /// <summary>A round goes over a tenant's live runs.</summary>
    public void Begin(string tenantId)
    {
        if (!_tenants.TryGetValue(tenantId, out var watched))
            _tenants.Add(tenantId, watched = new());
        (watched.LedgerETag, watched.Seen) = (null, new(watched.Runs.Count, StringComparer.Ordinal));
    }

    /// <summary>Whether a live run must be looked at now.</summary>
    /// <param name="tenantId">Its tenant.</param>
    /// <param name="runId">Which.</param>
    /// <param name="sentAt">When its start message was sent last; in the future where a clock was set back.</param>
    public bool IsDue(string tenantId, string runId, DateTimeOffset sentAt)
    {
        var watched = _tenants[tenantId];
        if (!watched.Runs.TryGetValue(runId, out var look))
            look = (In(options.Repair.Patience - Age(sentAt)), options.Repair.Patience);
        watched.Seen[runId] = look;
        return clock.GetTimestamp() >= look.DueAt;
    }

    /// <summary>The run was looked at and was well.</summary>
    /// <param name="tenantId">Its tenant.</param>
    /// <param name="runId">Which.</param>
    /// <param name="wakeAt">When it should go on by itself; some time after that, it is looked at whether it has.</param>
    public void Well(string tenantId, string runId, DateTimeOffset? wakeAt)
    {
        var seen = _tenants[tenantId].Seen;
        var wait = seen[runId].Wait;
        var untilWake = wakeAt is { } at ? at - clock.GetUtcNow() + options.Repair.Patience : LongestWait;
        var next = untilWake < wait ? untilWake : wait;
        seen[runId] = (In(next > options.Repair.Patience ? next : options.Repair.Patience), wait * 2 < LongestWait ? wait * 2 : LongestWait);
    }

    /// <summary>The run's start message was sent again: it has the patience anew.</summary>
    public void Sent(string tenantId, string runId) => _tenants[tenantId].Seen[runId] = (In(options.Repair.Patience), options.Repair.Patience);

    /// <summary>The round has seen all live runs of a tenant.</summary>
    /// <param name="tenantId">Which.</param>
    /// <param name="before">As it was before its runs were read.</param>
    /// <returns>How many there are.</returns>
    public int End(string tenantId, TenantSnapshot? before)
    {
        var watched = _tenants[tenantId];
        watched.Runs = watched.Seen;
        watched.LedgerETag = before?.Ledger.InFlight == watched.Runs.Count ? before.LedgerETag : null;
        watched.FirstDue = watched.Runs.Count == 0 ? long.MaxValue : watched.Runs.Values.Min(look => look.DueAt);
        return watched.Runs.Count;
    }

    /// <summary>The tenant's live runs, as the last whole round saw them.</summary>
    public IReadOnlyCollection<string> RunsOf(string tenantId) => _tenants[tenantId].Runs.Keys;

    /// <summary>Forgets tenants that are gone.</summary>
    public void KeepOnly(IReadOnlySet<string> tenantIds)
    {
        foreach (var gone in _tenants.Keys.Where(id => !tenantIds.Contains(id)).ToList())
            _tenants.Remove(gone);
    }

    // A clock that was set back says nothing of an age.
    private TimeSpan Age(DateTimeOffset sentAt) => clock.GetUtcNow() - sentAt is { Ticks: > 0 } age ? age : TimeSpan.Zero;

    private long In(TimeSpan wait) => clock.GetTimestamp() + (long)(wait.TotalSeconds * clock.TimestampFrequency);

    private sealed class Watched
    {
        public string? LedgerETag { get; set; }

        public long FirstDue { get; set; }

        /// <summary>The timestamp from which a run is to be looked at, and how long to wait once it was found well.</summary>
        public Dictionary<string, (long DueAt, TimeSpan Wait)> Runs { get; set; } = [];

        /// <summary>The same, of the round under way.</summary>
        public Dictionary<string, (long DueAt, TimeSpan Wait)> Seen { get; set; } = [];
    }
}
