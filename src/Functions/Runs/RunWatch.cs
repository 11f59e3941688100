using System.Collections.Concurrent;
using Headgate.Core.Runs;
using Headgate.Functions.Options;
using Headgate.Functions.Stores.Tenants;

namespace Headgate.Functions.Runs;

/// <summary>
/// What earlier rounds of this process saw of live runs, so that a round looks only at those that may need it. Waiting is measured on a
/// clock that nobody sets. For one round at a time; <see cref="Doubt"/> is safe at any time.
/// </summary>
public sealed class RunWatch(Arrangement arrangement, HeadgateOptions options, TimeProvider clock)
{
    /// <summary>No live run is left alone for longer; where this process is not alone, none for longer than the patience.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string TenantId, string RunId), byte> _doubts = new();
    private readonly Dictionary<string, WatchedTenant> _tenants = new(StringComparer.Ordinal);
    private (DateTimeOffset Wall, long Timestamp) _begun = (clock.GetUtcNow(), clock.GetTimestamp());

    private TimeSpan Patience => options.Repair.Patience;

    // What another process was about to say when it died, this one never hears of.
    private TimeSpan Longest => arrangement.IsAlone ? LongestWait : Patience;

    /// <summary>Something went wrong with a run: the next round looks at it.</summary>
    public void Doubt(string tenantId, string runId)
    {
        if (arrangement.IsAlone)
            _doubts.TryAdd((tenantId, runId), 0);
    }

    /// <summary>Whether something went wrong with a run since it was last found well.</summary>
    public bool IsDoubted(string tenantId, string runId) => Tenant(tenantId).Doubted.Contains(runId);

    /// <summary>A round begins.</summary>
    /// <param name="tenantIds">All tenants; what is known of others is forgotten.</param>
    public void Begin(IReadOnlySet<string> tenantIds)
    {
        foreach (var gone in _tenants.Keys.Where(id => !tenantIds.Contains(id)).ToList())
            _tenants.Remove(gone);
        if (WasSetBack())
            LookAtAll();
        foreach (var (doubt, _) in _doubts)
        {
            _doubts.TryRemove(doubt, out _);
            if (tenantIds.Contains(doubt.TenantId))
                Tenant(doubt.TenantId).Doubted.Add(doubt.RunId);
        }
    }

    /// <summary>
    /// Whether the tenant's live runs are those that the last whole round saw: they change only together with its ledger.
    /// </summary>
    public bool IsUnchanged(TenantSnapshot tenant) => _tenants.TryGetValue(tenant.TenantId, out var known) && known.LedgerETag == tenant.LedgerETag;

    /// <summary>
    /// Known live runs that are stuck. One that was helped once may only have met a crash; one that needed help again, with no sign of life
    /// in between, is stuck.
    /// </summary>
    public int Stuck => _tenants.Values.Sum(tenant => tenant.Runs.Values.Count(run => run.Helps > 1));

    /// <summary>Whether a run of any tenant is known to be live.</summary>
    public bool IsLive(string runId) => _tenants.Values.Any(tenant => tenant.Runs.ContainsKey(runId));

    /// <summary>The known live runs of a tenant that must be looked at now.</summary>
    public List<string> DueRuns(string tenantId)
    {
        var (tenant, now) = (Tenant(tenantId), clock.GetTimestamp());
        return [.. tenant.Runs.Where(run => run.Value.DueAt <= now || tenant.Doubted.Contains(run.Key)).Select(run => run.Key)];
    }

    /// <summary>A round goes over all of a tenant's live runs.</summary>
    public void BeginWhole(string tenantId) => Tenant(tenantId).Begin();

    /// <summary>A whole round met a live run.</summary>
    /// <param name="tenantId">Its tenant.</param>
    /// <param name="runId">Which.</param>
    /// <param name="sentAt">When its start message was sent last; in the future where a clock was set back.</param>
    /// <param name="helps">How often it had to be helped since it was last seen at work.</param>
    /// <returns>Whether the run must be looked at now.</returns>
    public bool IsDue(string tenantId, string runId, DateTimeOffset sentAt, int helps)
    {
        var tenant = Tenant(tenantId);
        if (!tenant.Runs.TryGetValue(runId, out var known))
            tenant.Runs.Add(runId, known = FirstLook(sentAt));
        tenant.Runs[runId] = known with { Round = tenant.Round, Helps = helps };
        return known.DueAt <= clock.GetTimestamp() || tenant.Doubted.Contains(runId);
    }

    /// <summary>A whole round has met all live runs of a tenant.</summary>
    /// <param name="tenantId">Which.</param>
    /// <param name="before">As it was before its runs were read.</param>
    /// <returns>How many there are.</returns>
    public int EndWhole(string tenantId, TenantSnapshot? before) => Tenant(tenantId).End(before);

    /// <summary>The run was looked at and was well: it is looked at again after the patience, or once its quiet has ended.</summary>
    /// <param name="tenantId">Its tenant.</param>
    /// <param name="runId">Which.</param>
    /// <param name="quietUntil">Before this nothing can become of it, not even a task be handed out; null where something can at any time.</param>
    public void Well(string tenantId, string runId, DateTimeOffset? quietUntil)
    {
        var wait = quietUntil is { } until ? until - clock.GetUtcNow() + Patience : Patience;
        Put(tenantId, runId, Longer(Patience, Shorter(wait, Longest)));
    }

    /// <summary>The run's live row says how often it had to be helped since it was last seen at work.</summary>
    public void Helped(string tenantId, string runId, int helps)
    {
        var tenant = Tenant(tenantId);
        tenant.Runs[runId] = tenant.Runs[runId] with { Helps = helps };
    }

    /// <summary>The run's start message was sent again: it has the patience anew.</summary>
    public void Sent(string tenantId, string runId) => Put(tenantId, runId, Patience);

    /// <summary>The run is live no more, and yet the ledger has not changed: the next round goes over all.</summary>
    public void Gone(string tenantId, string runId)
    {
        var tenant = Tenant(tenantId);
        tenant.Begin();
        tenant.Runs.Remove(runId);
    }

    private bool WasSetBack()
    {
        var (wall, timestamp) = _begun;
        _begun = (clock.GetUtcNow(), clock.GetTimestamp());
        return wall + clock.GetElapsedTime(timestamp, _begun.Timestamp) - _begun.Wall > RunAdvance.ClockDifference;
    }

    // Their timers ring by a clock that shows less than it did.
    private void LookAtAll()
    {
        foreach (var tenant in _tenants.Values)
        {
            foreach (var (runId, run) in tenant.Runs.ToList())
                tenant.Runs[runId] = run with { DueAt = _begun.Timestamp };
        }
    }

    private void Put(string tenantId, string runId, TimeSpan wait)
    {
        var tenant = Tenant(tenantId);
        tenant.Doubted.Remove(runId);
        tenant.Runs[runId] = tenant.Runs[runId] with { DueAt = In(wait) };
    }

    // Where a clock was set back, an age says nothing.
    private WatchedRun FirstLook(DateTimeOffset sentAt) => new(In(Patience - Longer(TimeSpan.Zero, clock.GetUtcNow() - sentAt)), 0, 0);

    private WatchedTenant Tenant(string tenantId)
    {
        if (!_tenants.TryGetValue(tenantId, out var known))
            _tenants.Add(tenantId, known = new());
        return known;
    }

    private long In(TimeSpan wait) => clock.GetTimestamp() + (long)(wait.TotalSeconds * clock.TimestampFrequency);

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
