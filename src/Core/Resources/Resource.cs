using Headgate.Core.Runs;

namespace Headgate.Core.Resources;

/// <summary>
/// Something that tasks of a tenant share: its users, and a circuit breaker. Methods return the changed resource, or the same object if
/// nothing changed.
/// </summary>
/// <param name="Own">Its own rules; null for the defaults.</param>
/// <param name="Since">When its phase began; null if it never left <see cref="ResourcePhase.Closed"/>.</param>
/// <param name="Until">While open: when a probe may use it.</param>
/// <param name="Probe">While half-open: the attempt that probes it.</param>
/// <param name="Reason">Why it is open or held.</param>
/// <param name="By">Who holds it; null if the service does, or nobody.</param>
/// <param name="TimesOpened">Times that failures opened it since it last closed; each doubles the time it stays open.</param>
/// <param name="Ramp">How many may use it at once after it was open or held; each success adds one. Null: as many as its rules allow.</param>
/// <param name="Cause">The attempt that last opened or held it, so that its end counts once.</param>
public sealed record Resource(
    ResourceRules? Own = null,
    ResourcePhase Phase = ResourcePhase.Closed,
    DateTimeOffset? Since = null,
    DateTimeOffset? Until = null,
    ResourceAttempt? Probe = null,
    string? Reason = null,
    string? By = null,
    int TimesOpened = 0,
    int? Ramp = null,
    ResourceAttempt? Cause = null)
{
    /// <summary>Where a ramp ends if the rules have no limit.</summary>
    public const int RampEnd = 64;

    /// <summary>A resource without rules and history.</summary>
    public static Resource Unknown { get; } = new();

    public ResourceRules Rules => Own ?? ResourceRules.Default;

    /// <summary>Attempts that use it now; only those that a limit counts.</summary>
    public IReadOnlyList<ResourceUser> Users { get; init; } = [];

    /// <summary>Attempts that failed in a row.</summary>
    public IReadOnlyList<ResourceAttempt> Failures { get; init; } = [];

    /// <summary>Whether its row can be deleted.</summary>
    public bool IsUnknown => Own is null && Phase == ResourcePhase.Closed && Ramp is null && Users.Count == 0 && Failures.Count == 0;

    /// <summary>Whether any limit counts its users.</summary>
    public bool CountsUsers => Rules.MaxConcurrent is not null || Ramp is not null || Rules.TypeLimits.Count > 0;

    /// <summary>Why a task may not use it now; null if it may.</summary>
    public ResourceAdmission.KeptBack? Hindrance(string type, DateTimeOffset now) => Phase switch
    {
        ResourcePhase.Held => new(ResourceHindrance.Held),
        ResourcePhase.HalfOpen => new(ResourceHindrance.Probing),
        ResourcePhase.Open when !IsDue(now) => new(ResourceHindrance.Open, Until: Until),
        _ when Users.Count >= Cap => new(ResourceHindrance.Full),
        _ when Counts(type) && Users.Count >= ResourceRules.MaxConcurrentCeiling => new(ResourceHindrance.Full),
        _ when Rules.TypeLimits.TryGetValue(type, out var limit) && UsersOf(type) >= limit => new(ResourceHindrance.Full, type),
        _ => null,
    };

    /// <param name="attempt">The attempt that wants to use it.</param>
    /// <param name="type">The task's type.</param>
    /// <param name="now">The time, in whole milliseconds.</param>
    public ResourceAdmission Admit(ResourceAttempt attempt, string type, DateTimeOffset now)
    {
        if (Hindrance(type, now) is { } hindrance)
            return hindrance;
        var after = Phase == ResourcePhase.Open ? this with { Phase = ResourcePhase.HalfOpen, Since = now, Until = null, Probe = attempt } : this;
        return new ResourceAdmission.Admitted(Counts(type) ? after with { Users = [.. Users, new(attempt, type, now)] } : after);
    }

    /// <summary>How many more may use it now.</summary>
    /// <param name="type">Tasks of this type; null for any.</param>
    /// <param name="now">The time.</param>
    public int Room(string? type, DateTimeOffset now)
    {
        if (Phase is ResourcePhase.Held or ResourcePhase.HalfOpen || (Phase == ResourcePhase.Open && !IsDue(now)))
            return 0;
        var room = Math.Max((Cap ?? int.MaxValue) - Users.Count, 0);
        if (type is not null && Rules.TypeLimits.TryGetValue(type, out var limit))
            room = Math.Min(room, Math.Max(limit - UsersOf(type), 0));
        return Phase == ResourcePhase.Open ? Math.Min(room, 1) : room;
    }

    /// <summary>Undoes an admission whose task was not handed out.</summary>
    /// <param name="attempt">The attempt that was admitted.</param>
    /// <param name="at">When it was admitted.</param>
    /// <param name="now">The time.</param>
    public Resource Forget(ResourceAttempt attempt, DateTimeOffset at, DateTimeOffset now)
    {
        var after = Users.Any(user => user.Attempt == attempt && user.At == at)
            ? this with { Users = [.. Users.Where(user => user.Attempt != attempt || user.At != at)] }
            : this;
        return Phase == ResourcePhase.HalfOpen && Probe == attempt && Since == at ? after.OpenedAnew(now) : after;
    }

    /// <summary>Changes its rules. Its users go on, even if they are more than the new rules allow.</summary>
    public Resource With(ResourceRules rules) => (this with { Own = rules, Ramp = Ramp >= (rules.MaxConcurrent ?? RampEnd) ? null : Ramp }).Trimmed();

    public Resource Hold(string reason, string? by, DateTimeOffset now) => this with
    {
        Phase = ResourcePhase.Held,
        Since = now,
        Until = null,
        Probe = null,
        Reason = reason,
        By = by,
        Ramp = null,
        Failures = [],
    };

    /// <summary>Closes it, with a ramp that starts at one.</summary>
    public Resource Release(DateTimeOffset now) => Phase == ResourcePhase.Closed ? this : Closed(1, now);

    // A ramp is always below the limit: one that reaches it ends.
    private int? Cap => Ramp ?? Rules.MaxConcurrent;

    private bool Counts(string type) => Rules.MaxConcurrent is not null || Ramp is not null || Rules.TypeLimits.ContainsKey(type);

    private int UsersOf(string type) => Users.Count(user => user.Type == type);

    // If the wait began in the future, the clock was set back since, and its end can't be trusted.
    private bool IsDue(DateTimeOffset now) => !(now < Until) || RunAdvance.IsFromTheFuture(Since, now);

    private Resource Closed(int ramp, DateTimeOffset now) => (this with
    {
        Phase = ResourcePhase.Closed,
        Since = now,
        Until = null,
        Probe = null,
        Reason = null,
        By = null,
        TimesOpened = 0,
        Ramp = ramp >= (Rules.MaxConcurrent ?? RampEnd) ? null : ramp,
        Failures = [],
    }).Trimmed();

    // The probe showed nothing, so the next one may start at once.
    private Resource OpenedAnew(DateTimeOffset now) => this with { Phase = ResourcePhase.Open, Since = now, Until = now, Probe = null };

    private Resource Trimmed() => Users.All(user => Counts(user.Type)) ? this : this with { Users = [.. Users.Where(user => Counts(user.Type))] };

    /// <summary>The longest it stays open because of failures.</summary>
    public const int LongestOpenSeconds = 3600;

    /// <summary>
    /// An attempt of a task that uses it has ended. Idempotent. While the resource is open or half-open, only the probe's end changes
    /// its phase; while it is held, no attempt's does.
    /// </summary>
    public Resource Settle(ResourceAttempt attempt, ResourceSignal signal, DateTimeOffset now)
    {
        var isListed = Users.Any(user => user.Attempt == attempt);
        var freed = isListed ? this with { Users = [.. Users.Where(user => user.Attempt != attempt)] } : this;
        return freed.Judge(attempt, signal, isListed, now).Trimmed();
    }

    private Resource Judge(ResourceAttempt attempt, ResourceSignal signal, bool isListed, DateTimeOffset now)
    {
        var isProbe = Phase == ResourcePhase.HalfOpen && Probe == attempt;
        if (Phase == ResourcePhase.Held || (Cause == attempt && !isProbe))
            return this;
        if (signal.Evidence == ResourceEvidence.Refused)
            return Hold($"It refused the credentials of {Named(attempt)}.", null, now) with { Cause = attempt };
        if (signal.RetryAfterSeconds > 0 && signal.Evidence is ResourceEvidence.Failed or ResourceEvidence.Answered or ResourceEvidence.Unclear)
            return Opened($"It asked {Named(attempt)} to wait for {signal.RetryAfterSeconds} s.", Later(now, signal.RetryAfterSeconds), attempt, now);

        return Phase switch
        {
            ResourcePhase.Closed => Count(attempt, signal.Evidence, isListed, now),
            ResourcePhase.HalfOpen when isProbe => signal.Evidence switch
            {
                ResourceEvidence.Worked or ResourceEvidence.Answered or ResourceEvidence.Unclear => Closed(2, now),
                ResourceEvidence.Failed => OpenedByFailure($"Its probe failed: {Named(attempt)}.", attempt, now),
                _ => OpenedAnew(now),
            },
            _ => this,
        };
    }

    private Resource Count(ResourceAttempt attempt, ResourceEvidence evidence, bool isListed, DateTimeOffset now)
    {
        if (evidence == ResourceEvidence.Worked)
        {
            if (Failures.Count == 0 && (Ramp is null || !isListed))
                return this;
            var ramp = isListed ? Ramp + 1 : Ramp;
            return this with { Failures = [], Ramp = ramp >= (Rules.MaxConcurrent ?? RampEnd) ? null : ramp };
        }

        if (evidence == ResourceEvidence.Answered)
            return Failures.Count == 0 ? this : this with { Failures = [] };
        if (evidence != ResourceEvidence.Failed || Failures.Contains(attempt))
            return this;
        var failed = this with { Failures = [.. Failures, attempt] };
        return failed.Failures.Count >= Rules.FailuresToOpen
            ? failed.OpenedByFailure($"{failed.Failures.Count} attempts in a row failed, the last of them {Named(attempt)}.", attempt, now)
            : failed;
    }

    private Resource OpenedByFailure(string reason, ResourceAttempt attempt, DateTimeOffset now)
    {
        // Twelve doublings of one second exceed an hour.
        var seconds = Math.Min(Rules.OpenSeconds * (1L << Math.Min(TimesOpened, 12)), LongestOpenSeconds);
        return Opened(reason, Later(now, seconds), attempt, now) with { TimesOpened = Math.Min(TimesOpened + 1, 1000) };
    }

    private Resource Opened(string reason, DateTimeOffset until, ResourceAttempt attempt, DateTimeOffset now) => this with
    {
        Phase = ResourcePhase.Open,
        Since = now,
        Until = Phase == ResourcePhase.Open && Until > until && !IsDue(now) ? Until : until,
        Probe = null,
        Reason = reason,
        Cause = attempt,
        Ramp = null,
        Failures = [],
    };

    private static DateTimeOffset Later(DateTimeOffset now, long seconds) =>
        DateTimeOffset.MaxValue - now > TimeSpan.FromSeconds(seconds) ? now.AddSeconds(seconds) : DateTimeOffset.MaxValue;

    private static string Named(ResourceAttempt attempt) => $"task {attempt.TaskId}, attempt {attempt.Attempt}";
}
