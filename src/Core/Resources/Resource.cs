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
public sealed partial record Resource(
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

    private int? Cap => Ramp < (Rules.MaxConcurrent ?? int.MaxValue) ? Ramp : Rules.MaxConcurrent;

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
}
