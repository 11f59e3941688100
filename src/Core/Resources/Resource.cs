using Headgate.Core.Runs;

namespace Headgate.Core.Resources;

/// <summary>
/// Something that tasks of a tenant share: how many use it, and a circuit breaker that leaves it alone while it is not well.
/// Every method gives the resource after it, the same object where nothing changed.
/// </summary>
/// <param name="Own">The rules it was given; null where nobody gave it any.</param>
/// <param name="Since">Since when it is in its phase; null where it never left the first.</param>
/// <param name="Until">While open: when one task may find out.</param>
/// <param name="Probe">While half-open: the attempt that finds out.</param>
/// <param name="Reason">Why it is open or held.</param>
/// <param name="By">Who holds it; null where it was the service itself, or nobody does.</param>
/// <param name="TimesOpened">By failures, since it last closed: each time doubles how long.</param>
/// <param name="Ramp">After it was unwell, how many may use it at once: one more with each success. Null: as many as its rules allow.</param>
/// <param name="Cause">The attempt that last opened or held it: its end counts once.</param>
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
    /// <summary>Where no cap does, this ends a ramp.</summary>
    public const int RampEnd = 64;

    /// <summary>Of which nothing is known but its name.</summary>
    public static Resource Unknown { get; } = new();

    public ResourceRules Rules => Own ?? ResourceRules.Default;

    /// <summary>Those that are counted: where no limit is, nobody is.</summary>
    public IReadOnlyList<ResourceUser> Users { get; init; } = [];

    /// <summary>The attempts that failed in a row.</summary>
    public IReadOnlyList<ResourceAttempt> Failures { get; init; } = [];

    /// <summary>Whether there is nothing to remember of it.</summary>
    public bool IsUnknown => Own is null && Phase == ResourcePhase.Closed && Ramp is null && Users.Count == 0 && Failures.Count == 0;

    /// <summary>Whether any limit counts those who use it.</summary>
    public bool CountsUsers => Rules.MaxConcurrent is not null || Ramp is not null || Rules.TypeLimits.Count > 0;

    /// <summary>Why a task may not use it now; null where it may.</summary>
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

    /// <summary>Lets an attempt in, or says why not.</summary>
    /// <param name="attempt">Which.</param>
    /// <param name="type">The task's.</param>
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

    /// <summary>Undoes an admission whose hand-out came to nothing.</summary>
    /// <param name="attempt">Which.</param>
    /// <param name="at">When it was let in.</param>
    /// <param name="now">The time.</param>
    public Resource Forget(ResourceAttempt attempt, DateTimeOffset at, DateTimeOffset now)
    {
        var after = Users.Any(user => user.Attempt == attempt && user.At == at)
            ? this with { Users = [.. Users.Where(user => user.Attempt != attempt || user.At != at)] }
            : this;
        return Phase == ResourcePhase.HalfOpen && Probe == attempt && Since == at ? after.OpenedAnew(now) : after;
    }

    /// <summary>Gives it other rules. Who uses it goes on, also where there are more than the new ones allow.</summary>
    public Resource With(ResourceRules rules) => (this with { Own = rules, Ramp = Ramp >= (rules.MaxConcurrent ?? RampEnd) ? null : Ramp }).Trimmed();

    /// <summary>Nothing goes to it until it is released.</summary>
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

    /// <summary>It is well, whatever is known of it: one task goes to it, and with each success one more at once.</summary>
    public Resource Release(DateTimeOffset now) => Phase == ResourcePhase.Closed ? this : Closed(1, now);

    private int? Cap => Ramp < (Rules.MaxConcurrent ?? int.MaxValue) ? Ramp : Rules.MaxConcurrent;

    private bool Counts(string type) => Rules.MaxConcurrent is not null || Ramp is not null || Rules.TypeLimits.ContainsKey(type);

    private int UsersOf(string type) => Users.Count(user => user.Type == type);

    // A wait that began in the future began before the clock was set back: nothing says when it ends.
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

    // Its probe told nothing: the next one may go at once.
    private Resource OpenedAnew(DateTimeOffset now) => this with { Phase = ResourcePhase.Open, Since = now, Until = now, Probe = null };

    private Resource Trimmed() => Users.All(user => Counts(user.Type)) ? this : this with { Users = [.. Users.Where(user => Counts(user.Type))] };
}
