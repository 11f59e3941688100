namespace Headgate.Core.Resources;

/// <content>The effect of an attempt's end.</content>
public sealed partial record Resource
{
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
        if (signal.RetryAfterSeconds > 0 && signal.Evidence is ResourceEvidence.Failed or ResourceEvidence.Answered)
            return Opened($"It asked {Named(attempt)} to wait for {signal.RetryAfterSeconds} s.", Later(now, signal.RetryAfterSeconds), attempt, now);

        return Phase switch
        {
            ResourcePhase.Closed => Count(attempt, signal.Evidence, isListed, now),
            ResourcePhase.HalfOpen when isProbe => signal.Evidence switch
            {
                ResourceEvidence.Worked or ResourceEvidence.Answered => Closed(2, now),
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
